#!/bin/bash
# tags: nosan sweep
# An import that is killed, or has no memory, makes all of DST or nothing.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

mkdir -p old/nodes old/users/ada old/files/nodes/web1
cat > old/provider.json << 'END'
{ "domain": "example.org", "c": ["= x"], "n": "= domain" }
END
cat > old/common.json << 'END'
{ "services": [], "l": ["a"], "odd": "= `id`" }
END
printf '{ "ip_address": "10.5.5.9", "l": "b" }\n' > old/nodes/web1.json
printf 'ssh-rsa A\n' > old/users/ada/ada_ssh.pub
printf 'ssh-rsa B\n' > old/files/nodes/web1/web1_ssh.pub
printf '{"default": {"db": "s3cret", "port": 7}}\n' > old/secrets.json
printf '{"web1": {"cores": 4}}\n' > old/facts.json
mkdir base && printf '{}\n' | tee base/provider.json > base/common.json
check "a platform" keep import leap --as platform base plat
check "what is made when nothing fails" \
	keep import leap old want --platform plat --leap-rules

fresh() {
	rm -rf acme .keep-* && mkdir acme
}
is_empty() {
	[ -z "$(ls -A acme)" ]
}
whole_or_nothing() {
	is_empty || diff -r want acme > differs
}
told() {
	case $1 in
	0) diff -r want acme > differs ;;
	71) is_empty ;;
	*) false ;;
	esac
}
sweep kill "an import that is killed makes all or nothing" fresh \
	whole_or_nothing keep import leap old acme --platform plat --leap-rules
sweep oom "an import without memory says so, and makes nothing" fresh \
	told keep import leap old acme --platform plat --leap-rules
