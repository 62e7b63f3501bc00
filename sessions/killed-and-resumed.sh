# A step of 06-killed-and-resumed.fettle: sh killed-and-resumed.sh PID STEP, where PID is the fettle that runs it.
# What it makes lies in a folder of temporary files, which is gone after the last step and after one that fails.
set -eu

fettle=/proc/$1/exe
step=$2
folder=${TMPDIR:-/tmp}/fettle-killed-$1
seconds=60
child=

load='load samples/tickets.tsv'
format='format prompt="{{subject}} ->" completion=" {{queue}}"'
tune='tune tiny on tickets n_epochs=12 as queues --no-check'

# Whatever ends a step, nothing that it started goes on.
leave() {
    status=$?
    trap - EXIT
    if [ -n "$child" ]; then kill -9 "$child" 2> /dev/null || :; fi
    if [ "$status" != 0 ]; then rm -rf "$folder"; fi
    exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "killed-and-resumed: $1" >&2
    if [ -f "$folder/output" ]; then cat "$folder/output" >&2; fi
    exit 1
}

# Starts this program in a workspace with commands.
start() {
    workspace=$1
    shift
    for command; do
        set -- "$@" -c "$command"
        shift
    done
    "$fettle" --workspace "$folder/$workspace" "$@" > "$folder/output" 2>&1 &
    child=$!
}

# Waits for a condition, while the program runs and the time is not over.
await() {
    end=$(($(date +%s) + seconds))
    until "$@"; do
        kill -0 "$child" 2> /dev/null || fail "the program ended before there was a checkpoint"
        [ "$(date +%s)" -lt "$end" ] || fail "after $seconds seconds there is no checkpoint"
        sleep 0.02
    done
}

# Runs this program to its end, in time.
run() {
    start "$@"
    end=$(($(date +%s) + seconds))
    while kill -0 "$child" 2> /dev/null; do
        [ "$(date +%s)" -lt "$end" ] || fail "it takes more than $seconds seconds"
        sleep 0.02
    done
    wait "$child" || fail "a command failed"
    child=
}

has_checkpoint() { set -- "$folder"/killed/jobs/*/checkpoint; [ -f "$1" ]; }
has_model() { set -- "$folder/$1"/models/*.model; [ -f "$1" ]; }

if [ "$step" = whole ]; then mkdir -m 700 "$folder"; fi
[ -d "$folder" ] || fail "the step before '$step' has not run"

case $step in
whole)
    run whole 'model add samples/tiny-llama as tiny' "$load" "$format" "$tune"
    run whole "$load" "$format" 'evaluate queues on tickets'
    mv "$folder/output" "$folder/expected"
    ;;
killed)
    run killed 'model add samples/tiny-llama as tiny'
    start killed "$load" "$format" "$tune"
    await has_checkpoint
    kill -9 "$child"
    status=0
    wait "$child" 2> /dev/null || status=$?
    child=
    [ "$status" = 137 ] || fail "the tuning ended with status $status before it was killed"
    ! has_model killed || fail "the tuning was over before it was killed"
    ;;
resumed)
    run killed 'resume 1'
    run killed "$load" "$format" 'evaluate queues on tickets'
    ;;
compared)
    cmp "$folder"/whole/models/*.model "$folder"/killed/models/*.model \
        || fail "the weights are not the same"
    cmp "$folder/expected" "$folder/output" || fail "the evaluations are not the same"
    rm -r "$folder"
    ;;
*) fail "there is no step '$step'" ;;
esac
