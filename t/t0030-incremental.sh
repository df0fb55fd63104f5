#!/bin/bash
# tags: nosan
# make builds again what a change touches, and nothing else.
. "${0%/*}/lib.sh"

cp -R "$TOP"/{Makefile,include,libcli,cmd,contrib} .
mkdir t && cp "$TOP"/t/*.mk t
mkdir -p t/verbs
targets=(out/obj/libcli/base/hash.o)
# build WORD...: first one object that needs few headers.
build() {
	make -s "${targets[@]}" O=out CFLAGS=-O1 "$@"
}
# builds TITLE WORD...: something is to do, and then nothing is.
builds() {
	local title=$1
	shift
	check_exit 1 "$title: it is built again" build -q "$@"
	check "$title: the build succeeds" build "$@"
	check "$title: then nothing is to do" build -q "$@"
}

check "an object is built" build
check "then nothing is to do" build -q
touch libcli/base/hash.c
builds "its source changes"
touch include/keep/hash.h
builds "its header changes"
touch include/keep/base.h
builds "a header of its header changes"
touch include/keep/banned.h
builds "what is forced into every file changes"
touch include/keep/schema.h libcli/base/num.c
check "what it does not need changes: nothing is to do" build -q
builds "CFLAGS change" CFLAGS=-O0
builds "they change back"
builds "the compiler changes" CC=clang
builds "it changes back, and warnings are errors" DEVELOPER=1
check "what was built so serves without, too" build -q
sed -i 's/<keep\/hash.h>/<keep\/renamed.h>/' libcli/*/*.c include/keep/*.h
mv include/keep/hash.h include/keep/renamed.h
builds "a header gets another name"

# What a source is part of: a library, and what links its objects for tests.
printf 'int keep_gone(void);\nint keep_gone(void)\n{\n\treturn 1;\n}\n' \
	> libcli/git2/gone.c
targets=(out/lib/keep/libkeep-git2.so out/obj/libkeep-git2.a)
# has: whether both have what gone.c says.
has() {
	nm out/lib/keep/libkeep-git2.so | grep -q keep_gone &&
		nm out/obj/libkeep-git2.a 2> "$ERR" | grep -q keep_gone
}
check "a library is built" build
check "with all its sources" has
check "then nothing is to do" build -q
rm libcli/git2/gone.c
builds "a source is gone"
check_exit 1 "what it said is gone, too" has
printf 'int keep_gone(void);\nint keep_gone(void)\n{\n\treturn 2;\n}\n' \
	> libcli/git2/gone.c
builds "a source is new"
check "what it says is there" has
