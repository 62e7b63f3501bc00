-- Questions of 100 words each, of the model that FETTLE_MODEL names; each is another one.
local model = os.getenv("FETTLE_MODEL")
local requests = {}
local place = 0

function init()
  math.randomseed(1)
  for number = 1, 200 do
    local words = {}
    for word = 1, 99 do words[word] = "word" .. math.random(0, 96) end
    local body = string.format(
      '{"model": "%s", "prompt": "%s ->", "max_tokens": 1, "temperature": 0, "logprobs": 5}',
      model, table.concat(words, " "))
    requests[number] = wrk.format("POST", "/v1/completions", {["Content-Type"] = "application/json"}, body)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "bad": %d, "lost": %d, "p50": %d, "p99": %d, "max": %d}\n',
    summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
