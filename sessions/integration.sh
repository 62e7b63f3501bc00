# The step of 10-integration.fettle: sh integration.sh PID, where PID is the fettle that runs it.
# It tunes a model in a workspace of its own, serves it on a free port of this machine, asks it as any program
# does, says what would have been right, and shows what has become of it. Nothing that it starts or makes stays.
set -eu

fettle=/proc/$1/exe
folder=$(mktemp -d)
server=

leave() {
    status=$?
    trap - EXIT
    if [ -n "$server" ]; then kill "$server" 2> /dev/null || :; wait "$server" 2> /dev/null || :; fi
    rm -rf "$folder"
    exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "integration: $1" >&2
    exit 1
}

run() { "$fettle" --workspace "$folder" "$@"; }
prepare='load samples/tickets.tsv; format prompt="{{subject}} ->" completion=" {{queue}}"; split 80/20 seed=7'

run -c "$prepare" -c 'tune ngram on tickets.train n_epochs=3 as queues' -c 'alias prod queues' > /dev/null 2>&1
"$fettle" serve --workspace "$folder" --record port=0 > "$folder/served" 2>&1 &
server=$!
address=
tries=0
while [ -z "$address" ]; do
    kill -0 "$server" || { cat "$folder/served" >&2; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail 'the server does not begin'
    sleep 0.1
    address=$(sed -n 's|.*\(http://127\.0\.0\.1:[0-9]*\).*|\1|p' "$folder/served" | head -1)
done

post() { curl -sS --max-time 20 -H 'Content-Type: application/json' -d "$2" "$address$1"; }

right=0
echo 'asked "prod":'
for subject in 'Refund for order 1182' 'Cannot log in' 'Package never arrived' 'Invoice is wrong'; do
    answer=$(post /v1/completions "{\"model\": \"prod\", \"prompt\": \"$subject ->\", \"max_tokens\": 1, \"temperature\": 0}")
    text=$(printf %s "$answer" | sed 's/.*"text": *"\([^"]*\)".*/\1/')
    id=$(printf %s "$answer" | sed 's/.*"id": *"\([^"]*\)".*/\1/')
    echo "  $subject ->$text"
    case $text in ' billing') right=$((right + 1)) ;; ' '*) ;; *) fail "no answer: $answer" ;; esac
    post /v1/fettle/feedback "{\"id\": \"$id\", \"label\": \" billing\"}" > /dev/null
done
kill "$server"
{ wait "$server"; } 2> /dev/null || :
server=

echo 'what was said of it:'
run -c 'feedback every=4' > "$folder/feedback" 2>&1
sed 's/^/  /' "$folder/feedback"
grep -q 'queues: 4 predictions kept, 4 judged' "$folder/feedback" || fail 'not every answer is judged'
grep -Eq "^1-4 +4 +$right " "$folder/feedback" || fail "$right answers were right"
echo 'and the next training data:'
run -c "$prepare" -c 'feedback as judged' -c 'concat tickets.train judged as more' > "$folder/more" 2>&1
tail -2 "$folder/more" | sed 's/^/  /'
grep -q '^more: 244 rows' "$folder/more" || fail 'the judged rows are not among the next ones'
