#!/bin/bash
# tags: slow
. "${0%/*}/lib.sh"

cp -r "$TOP"/{cmd,libcli,include,contrib,t,Makefile} .
check "a new verb of a new command is written" contrib/new-verb lamp light
check "a second verb of it is written" contrib/new-verb lamp dim
check_exit 4 "a verb that is there is not written again" \
	contrib/new-verb lamp light
check_exit 2 "a name that is no word is refused" contrib/new-verb lamp ../x
check "the tree builds with them, without a warning" \
	make -s DEVELOPER=1 O=build
check "a new verb answers" build/bin/keep lamp light Ada
check_like "it says what it was given" '^greeting: hello Ada$'
check_exit 2 "it refuses what is missing" build/bin/keep lamp dim
check "its help comes from its schema" build/bin/keep lamp light -h
check_like "help names its argument" '^  NAME +whom to greet$'
check "the layers hold with it" make -s layers DEVELOPER=1 O=build
check "its test passes" env O="$PWD/build" bash t/t*-lamp-light.sh
