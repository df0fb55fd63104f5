#!/bin/bash
# A recipe of the instance: its package, files and scripts on a real node.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-recipe.sh"
need_fleet
recipe_begin
mkdir -p services recipes/hello
# Whoever has a test knows what its recipe did.
cat > services/hello.json << 'DONE'
{ "hello": {"word": "welcome"}, "files": {
  "/etc/hello/conf": {"text": "= hello.word", "on_change": "echo on_change"},
  "/etc/issue": {"text": "= hello.word"} } }
DONE
echo '{"packages": ["hello-keep"]}' > recipes/hello/recipe.json
cat > recipes/hello/apply << 'DONE'
. "$KEEP_DIR/config.sh"
[ "$KEEP_NODE" = web1 ] && hello-keep > /etc/hello/said
echo "$KEEP_hello_word" >> /etc/hello/said
DONE
echo 'grep -x "$(cat /etc/hello/conf)" /etc/hello/said' > recipes/hello/test
echo 'rm /etc/hello/said' > recipes/hello/remove
recipe_node web1 services=hello
root=$FLEET/web1/root

# --- packages -----------------------------------------------------------------
# package VERSION: a repository that has it.
package() {
	local dir=$root/srv/repository
	mkdir -p "$dir" ../deb/DEBIAN ../deb/usr/bin
	cat > ../deb/DEBIAN/control << DONE
Package: hello-keep
Version: $1
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: says hello
DONE
	printf '#!/bin/sh\necho hello %s\n' "$1" > ../deb/usr/bin/hello-keep
	chmod 755 ../deb/usr/bin/hello-keep
	rm -f "$dir"/*
	dpkg-deb --root-owner-group -b ../deb "$dir/hello-$1.deb" > "$OUT"
	{
		cat ../deb/DEBIAN/control
		echo "Filename: ./hello-$1.deb"
		echo "Size: $(stat -c %s "$dir/hello-$1.deb")"
		echo "SHA256: $(sha256sum "$dir/hello-$1.deb" | cut -d ' ' -f 1)"
	} > "$dir/Packages"
}
rm -rf "$root"/etc/apt/sources.list* "$root"/var/lib/apt/lists/*
check_exit 3 "a package that nobody has fails" deploy web1
check_like "and is named" 'Unable to locate package hello-keep'
echo 'deb [trusted=yes] file:/srv/repository ./' > "$root/etc/apt/sources.list"
package 1
check "one that apt can get is installed" deploy web1
check_same "before the scripts run" $'hello 1\nwelcome' \
	"$(cat "$root/etc/hello/said")"
check_like "on_change is run" 'web1: on_change'
on_node web1 dpkg --purge hello-keep > "$OUT" 2>&1
package 2
keep -q node set web1 hello.word=hi
check "a node may know an older one than there is" deploy web1
check_same "and gets the new one" $'hello 2\nhi' "$(cat "$root/etc/hello/said")"

# --- files ----------------------------------------------------------------------
check_same "a file stands where another was" hi "$(cat "$root/etc/issue")"
echo 'exit 1' >> recipes/hello/test
keep -q node set web1 hello.word=hey
check_exit 3 "a test that fails fails the deploy" deploy web1
check_same "the node has again what it had" hi "$(cat "$root/etc/issue")"
check_same "by its scripts, too" $'hello 2\nhi' "$(cat "$root/etc/hello/said")"

keep -q node set web1 'services=[]'
check "the service leaves" deploy web1
check_exit 1 "its files are gone" test -e "$root/etc/hello/conf"
check_exit 1 "and what its recipe made" test -e "$root/etc/hello/said"
check_like "what stood there before is back" Debian "$root/etc/issue"
keep -q node set web1 services=hello
sed -i '$d' recipes/hello/test
check "it comes again" deploy web1
keep -q node set web1 'services=[]'
check "and leaves" deploy web1
check_like "that is kept for each time" Debian "$root/etc/issue"
