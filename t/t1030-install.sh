#!/bin/bash
# tags: nosan
# make install: a tree that may be moved, and programs that are built on it.
. "${0%/*}/lib.sh"

command -v pkg-config > "$OUT" || skip_all "pkg-config is not here"
make_install() {
	make -s -C "$TOP" "O=$O" install "$@"
}

check "keep is installed below DESTDIR" \
	make_install "DESTDIR=$PWD/dest" PREFIX=/opt/keep
check_same "and nowhere else" opt "$(ls dest)"
mv dest/opt/keep moved
rm -r dest
tree=$PWD/moved
check_same "bin, include, lib, libexec, share" \
	'bin include lib libexec share' "$(cd moved && echo *)"
check_same "it runs where it was moved to" 'keep 0.1.0' "$(moved/bin/keep version)"
check "and finds its libraries there" moved/bin/keep init acme
check_same "not in the build" '' "$(ldd moved/bin/keep moved/lib/keep/*.so |
	grep -F "$O")"
check "also through a link to it" sh -c \
	"ln -s $tree/bin/keep link && ./link -C acme env list"
check_same "every public header is there" "$(ls "$TOP/include/keep")" \
	"$(ls moved/include/keep)"
check "and a manual page" test -s moved/share/man/man1/keep.1
for file in bash-completion/completions/keep zsh/site-functions/_keep \
	fish/vendor_completions.d/keep.fish; do
	check "and $file" test -s "moved/share/$file"
done
check_same "and all units of systemd" "$(ls "$TOP/contrib/systemd")" \
	"$(find moved/lib/systemd -type f -printf '%f\n' | sort)"

check_same "(11) nothing of it runs as another user than who starts it" '' \
	"$(find moved -perm /6000)"
check_same "(12) units are for root alone to change" 644 \
	"$(find moved/lib/systemd -type f -printf '%m\n' | sort -u)"

export PKG_CONFIG_PATH=$tree/lib/pkgconfig
# shellcheck disable=SC2046 # words
check "each library has its pkg-config file, which is right" \
	pkg-config --exists --print-errors libkeep \
	$(ls moved/lib/keep | sed -n 's/^\(libkeep-.*\)\.so$/\1/p')
# shellcheck disable=SC2046 # words
check "the example is built by pkg-config" gcc -Wall -Werror -o call \
	"$TOP/contrib/examples/call.c" $(pkg-config --cflags --libs libkeep)
# shellcheck disable=SC2046 # words
check "so is the other, as it says itself" gcc -Wall -Werror -o daemon \
	"$TOP/contrib/examples/daemon.c" $(pkg-config --cflags --libs libkeep)
printf '\xa0' > none
check "it runs a verb" sh -c './call suite version < none > result'
moved/bin/keep --format=cbor version > want
check_same_files "whose bytes are those of the shell" want result
check_exit 4 "it knows when there is no such verb" ./call suite nosuch
check_same "it has 20 lines of code" 1 "$(($(sed -n '/^int main/,/^}/p' \
	"$TOP/contrib/examples/call.c" | grep -c ';$') <= 20))"
