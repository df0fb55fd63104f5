#!/bin/bash
# tags: nosan sweep
# A compile that gets no memory somewhere says so, and changes nothing.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

keep init good --name I --domain example.org --no-commit > "$OUT" &&
	mkdir -p good/files/templates && cat > good/files/templates/t <<'END' &&
% for n in nodes
% if n.name == name
me: ${n.ip_address}
% end
% end
END
	keep -C good node add web1 ip_address=192.0.2.1 services=web \
		'files={"/etc/t": {"template": "t"}, "/etc/s": {"source":
		"templates/t"}}' > "$OUT" &&
	keep -C good node add ns1 ip_address=192.0.2.2 services=dns > "$OUT" ||
	exit 1

fresh() {
	rm -rf i
	cp -r good i
}
# 0: nothing was refused; 71: it was told, and nothing was written.
told() {
	case $1 in
	0) [ -s i/compiled/web1/etc/t ] && [ -s i/compiled/ns1.json ] ;;
	71) [ ! -e i/compiled ] ;;
	*) false ;;
	esac
}
sweep oom "a compile without memory exits 71 and leaves all as it was" \
	fresh told keep -C i compile
