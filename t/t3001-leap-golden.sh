#!/bin/bash
# What the real leap compiled, against keep after `import leap`: its test
# provider on its own platform, and two small ones that show how it merges.
# golden/compare.py says how they are compared, golden/*.rules which leaves
# differ, and why.
. "${0%/*}/lib.sh"
need_shared examples/leap/provider_base
LEAP=$SHARED/examples/leap

# same TITLE LEAP COMPILED RULES [SECRETS]: what both compiled is the same, but
# for the rules; the figures are shown.
same() {
	local title=$1 rules=$TOP/t/golden/$4.rules
	check "$title" "$TOP/t/golden/compare.py" "$2" "$3" "$rules" \
		"${@:5}"
	sed -n '/^[0-9]* leaves/,$s/^/# /p' "$OUT" >&2
}

# --- the test provider ---
check "leap's platform is imported" keep import leap --as platform \
	"$LEAP/provider_base" base --format=json
cp "$OUT" base.json
rewritten=$(jq .rewritten base.json)
echo "# $rewritten of 161 expressions are rewritten" >&2
check_same "it has 161 expressions" 161 "$(jq .expressions base.json)"
check "at least 148 of them are rewritten" test "$rewritten" -ge 148
check_same "the others are told, each with its file and line" \
	$((161 - rewritten)) \
	"$(jq '[.left[] | select(.line > 0 and .original)] | length' base.json)"
check "the test provider is imported onto it" keep import leap \
	"$LEAP/test-provider/input" acme --platform base --leap-rules
check_like "all its expressions are rewritten" '2 of 2 expressions rewritten'

# The private keys that the input lacks, as leap's output shows them.
grep -rhoE 'PLACEHOLDER for [^"\\]+' "$LEAP/test-provider/output/hiera" |
	sort -u | while read -r text; do
	printf '%s\n' "$text" > "acme/${text#PLACEHOLDER for }"
done

# What the import could not rewrite, and these nodes evaluate: six places.
check_exit 2 "what is left is an error where it is evaluated" \
	keep -C acme compile
check_same "at the places that import told" \
	"$(jq -r '.left[] | select(.file | test("/(webapp|mx)\\.")) |
		"\(.file) line \(.line)"' base.json | sort)" \
	"$(sed -n "s/.*: line \([0-9]*\) of leap's \([a-z/.]*\) could.*/\2 line \1/p" \
		"$ERR" | sort -u)"
check_same "which are six" 6 "$(grep -o "line [0-9]* of leap's [a-z/.]*" \
	"$ERR" | sort -u | wc -l)"
cp "$TOP"/t/golden/left/*.json acme/services/
check "what is imported compiles" keep -C acme compile
same "nine nodes are as leap compiled them, but for what is listed" \
	"$LEAP/test-provider/output/hiera" acme/compiled provider \
	"$LEAP/test-provider/input/secrets.json"
mkdir leap-env keep-env
"$TOP/t/golden/env.py" leap "$LEAP/test-provider/output" > leap-env/env.yaml
"$TOP/t/golden/env.py" keep acme/compiled > keep-env/env.json
same "known_hosts, hosts, firewall and what clients are told are, too" \
	"$PWD/leap-env" keep-env env

# With other service levels leap's allow_* stay what they were.
cp -r "$LEAP/test-provider/input" variant && chmod -R u+w variant
cp "$LEAP/test-provider/variant-levels/provider.json" variant
check "a provider with service levels is imported" keep import leap variant \
	with-levels --platform base --leap-rules
cp acme/services/*.json with-levels/services/
cp -r acme/files with-levels/
check "it compiles" keep -C with-levels compile
check_same "what is allowed follows from the levels, unlike leap's" \
	'[true,true,true,true]' "$(keep -C with-levels expr web1 --format=json \
		"[provider.service.allow_paid, provider.service.allow_free,
		provider.service.allow_limited_bandwidth,
		provider.service.allow_unlimited_bandwidth]" | jq -c .)"

# --- how leap merges ---
lab=$LEAP/merge-lab
check "the laboratory's platform is imported" \
	keep import leap --as platform "$lab/platform_provider_base" lab-base
check "and its nodes" \
	keep import leap "$lab/input" lab --platform lab-base --leap-rules
check_exit 2 "what PROVIDER 2 refuses is refused" keep -C lab compile
svc=platform/provider_base/services/svc.json
check_same "each cell with its error" \
	"nodes/over.json:6:22: 'm.scalar_to_hash' is object here, but text in $svc:6:22
nodes/over.json:6:51: 'm.hash_to_scalar' is text here, but object in $svc:6:45
nodes/over.json:8:50: 'm.scalar_plus_arr' is list here, but text in $svc:8:49
nodes/over.json:9:125: 'm.newsub' has no older list to take from
$svc:4:111: 'm.arr6' of node 'over' is REQUIRED
$svc:7:90: 'm.req2' of node 'over' is REQUIRED
$svc:4:90: 'm.arr5' of node 'plain' is REQUIRED
$svc:4:111: 'm.arr6' of node 'plain' is REQUIRED
$svc:7:70: 'm.req' of node 'plain' is REQUIRED
$svc:7:90: 'm.req2' of node 'plain' is REQUIRED" \
	"$(grep -vE "hint:|'(loc|prod1|prod2)'|^keep:" "$ERR")"
sed -i -E 's/"(arr5|arr6|req|req2)": ?\[?"REQUIRED"\]?,? ?//g; s/, $/,/' \
	lab/$svc
check "without the cells that nobody set, edits are taken" keep -C lab \
	node unset over m.scalar_to_hash m.hash_to_scalar m.scalar_plus_arr \
	m.-newsub
check "and the laboratory compiles" keep -C lab compile
same "all other cells are as leap merges them" "$lab/output/hiera" \
	lab/compiled merge-lab

check "the example of leap's manual is imported" keep import leap \
	"$LEAP/inheritance/input" manual --platform lab-base --leap-rules
sed -i -E 's/"(arr5|arr6|req|req2)": ?\[?"REQUIRED"\]?,? ?//g; s/, $/,/' \
	manual/$svc
check "it compiles" keep -C manual compile
same "its node is what the manual says, where leap's is not" \
	"$LEAP/inheritance/output/hiera" manual/compiled inheritance
