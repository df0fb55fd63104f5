#!/bin/bash
# tags: nosan
# make builds again what a change touches, and nothing else.
. "${0%/*}/lib.sh"

cp -R "$TOP"/{Makefile,include,libcli,cmd,contrib} .
mkdir t && cp "$TOP"/t/*.mk t
object=out/obj/libcli/base/hash.o
# build WORD...: one object that needs few headers.
build() {
	make -s "$object" O=out CFLAGS=-O1 "$@"
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
sed -i 's/<keep\/hash.h>/<keep\/renamed.h>/' libcli/base/*.c
mv include/keep/hash.h include/keep/renamed.h
builds "a header gets another name"
