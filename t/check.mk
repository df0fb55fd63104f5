# Tests. A unit test t/unit/X.c is a program over tap.h; a fuzzer t/fuzz/X.c
# has LLVMFuzzerTestOneInput. Both link the objects of libkeep, and of the
# libraries that a line `/* uses: provider */` in the file names.

CORE_AR := $O/obj/libkeep.a
$(CORE_AR): $(call obj,$(CORE_SRC))
	@rm -f $@
	$(Q)ar rcsD $@ $^
uses = $(shell sed -n 's,^/\* uses: \(.*\) \*/$$,\1,p' $1)
LIB_AR := $(patsubst %,$O/obj/libkeep-%.a,$(LIBRARIES))
define archive_rules
$O/obj/libkeep-$1.a: $(call obj,$(LIB_SRC_$1))
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$^
endef
$(foreach l,$(LIBRARIES),$(eval $(call archive_rules,$l)))

UNITS := $(patsubst t/unit/%.c,%,$(wildcard t/unit/*.c))
define unit_rules
$O/t/unit/$1: $O/obj/t/unit/$1.o $(patsubst %,$O/obj/libkeep-%.a,\
		$(call uses,t/unit/$1.c)) $(CORE_AR)
	@mkdir -p $$(@D)
	$$(Q)$$(LINK) -pie -o $$@ $$^ $(foreach l,$(call uses,t/unit/$1.c),\
		$(LIB_PKG_$l)) -lcbor -lsodium -ldl
endef
$(foreach u,$(UNITS),$(eval $(call unit_rules,$u)))

#: make units      build and run the unit tests
.PHONY: units
units: $(patsubst %,$O/t/unit/%,$(UNITS))
	prove -j2 $(if $(UNITS),-e '' $(sort $^),/dev/null)

FUZZERS := $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/*.c))
FUZZ_CC := clang -std=gnu17 -D_GNU_SOURCE -Iinclude -include keep/banned.h \
	-O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-DKEEP_VERSION='"$(VERSION)"'
define fuzz_rules
$O/t/fuzz/$1: t/fuzz/$1.c $(CORE_SRC) $(foreach l,$(call uses,t/fuzz/$1.c),\
		$(LIB_SRC_$l)) $(wildcard include/keep/*)
	@mkdir -p $$(@D)
	$$(Q)$(FUZZ_CC) -o $$@ $$(filter %.c,$$^) $(foreach l,\
		$(call uses,t/fuzz/$1.c),$(LIB_PKG_$l)) -lcbor -lsodium
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rules,$f)))
