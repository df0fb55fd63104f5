#!/bin/bash
# `make lint` and `make layers` see what they are for.
. "${0%/*}/lib.sh"

mkdir -p t libcli/wire libcli/base include/keep build/obj/libcli/base
cp "$TOP"/t/lint "$TOP"/t/lint.awk "$TOP"/t/layers "$TOP/t/lib.sh" t/
echo '.c:' > Makefile
cp Makefile t/check.mk
cp "$TOP/t/t0000-lib.sh" t/
good=libcli/base/good.c
printf 'static int f(int a)\n{\n\treturn a;\n}\n' > $good

# refuses TITLE REGEX FILE TEXT: lint names the fault of FILE.
refuses() {
	printf '%b' "$4" > "$3"
	check_exit 1 "lint refuses $1" t/lint
	check_like "and says so: $1" "^$3:[0-9]+:.*$2"
	rm "$3"
}
lines() {
	yes "$1" | head -n "$2" | tr -d '\n'
}

check "lint has nothing to say of a good file" t/lint
check_same "and is quiet" "" "$(cat "$OUT")"
bad=libcli/wire/bad.c
refuses "a long file" '400 lines' $bad "$(lines 'int i;\n' 401)"
refuses "a long line" '80 columns' $bad "\\t/* $(lines word 20) */\\n"
refuses "a long function" '50 lines, this has 51' $bad \
	"void f(void)\\n{\\n$(lines '\tg();\n' 48)}\\n"
refuses "deep nesting" 'three levels' $bad \
	'void f(void)\n{\n\t\t\t\tif (x)\n\t\t\t\t\ty();\n}\n'
refuses "seven parameters" 'four parameters' $bad \
	'int f(int a, int b, int c, int d, int e,\n      int f, int g)\n{\n}\n'
refuses "goto" goto $bad 'void f(void)\n{\n\tgoto out;\n}\n'
refuses "a typedef of a struct" typedef $bad 'typedef struct x y;\n'
refuses "malloc above base" keep_mem $bad 'void *p = malloc(3);\n'
refuses "exit in a library" 'leaves the process' $bad '\texit(3);\n'
refuses "what is left to do" 'an issue' $bad '/* TO''DO: all */\n'
refuses "blanks at the end of a line" blanks $bad 'int i; \n'
refuses "an include of another tree" include $bad '#include "../../x.h"\n'
refuses "a public function without a comment" comment include/keep/mem.h \
	'int keep_f(void);\n'
refuses "a public struct without a comment" comment include/keep/mem.h \
	'/* A. */\nstruct keep_a {\n};\n\nstruct keep_b {\n};\n'
refuses "a script with a mistake" SC2164 t/t0009-cd.sh \
	'#!/bin/bash\n. "${0%/*}/lib.sh"\ncd nowhere\n'

# object FILE TEXT: a source and its object in the build.
object() {
	mkdir -p "${1%/*}" "build/obj/${1%/*}"
	printf '%b' "$2" > "$1"
	gcc -fPIC -c -o "build/obj/${1%.c}.o" "$1"
}
# climbs TITLE REGEX: layers names the fault of the last object.
climbs() {
	check_exit 1 "layers refuses $1" t/layers build
	check_like "and says so: $1" "$2"
	find libcli/wire cmd build -name 'bad.*' -delete
}
mkdir -p cmd
object libcli/base/good.c \
	'static const char *const t[] = {"a"};\nconst char *keep_f(int i);\n
	 const char *keep_f(int i)\n{\n\treturn t[i];\n}\n'
check "layers has nothing to say of a good tree" t/layers build
check_same "and is quiet" "" "$(cat "$OUT")"
object $bad 'int keep_n;\n'
climbs "writable static data" 'bad.o: 4 bytes .*\.bss'
object $bad 'void put(void);\nvoid put(void)\n{\n}\n'
climbs "a symbol without keep_" 'put is not named'
object libcli/cli/bad.c 'void keep_up(void);\nvoid keep_up(void)\n{\n}\n'
object $bad 'void keep_up(void);\nvoid keep_x(void)\n{\n\tkeep_up();\n}\n'
climbs "a call upwards" 'libcli/wire may not call keep_up of libcli/cli'
rm -r libcli/cli build/obj/libcli/cli
printf '#include <keep/verb.h>\n' > $bad
climbs "an include of what is above" 'may not know <keep/verb.h>'
printf '#include <git2/oid.h>\n' > $bad
climbs "a package outside its adapter" 'belongs to libcli/git2'
printf '#include "../base/good.h"\n' > $bad
climbs "an include from a sister" 'another folder'
