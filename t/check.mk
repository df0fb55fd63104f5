# Tests. A unit test t/unit/X.c is a program over tap.h; a fuzzer t/fuzz/X.c
# has LLVMFuzzerTestOneInput. Both link the objects of libkeep, and of the
# libraries that a line `/* uses: provider */` in the file names.

CORE_AR := $O/obj/libkeep.a
$(CORE_AR): $(call obj,$(CORE_SRC)) $O/lists/libkeep
	@rm -f $@
	$(Q)ar rcsD $@ $(filter %.o,$^)
uses = $(shell sed -n 's,^/\* uses: \(.*\) \*/$$,\1,p' $1)
LIB_AR := $(patsubst %,$O/obj/libkeep-%.a,$(LIBRARIES))
define archive_rules
$O/obj/libkeep-$1.a: $(call obj,$(LIB_SRC_$1)) $O/lists/$1
	@rm -f $$@
	$$(Q)ar rcsD $$@ $$(filter %.o,$$^)
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

unit-programs: $(patsubst %,$O/t/unit/%,$(UNITS)) fault-shims
	@:

#: make units        build and run the unit tests
.PHONY: units unit-programs fault-shims
units: unit-programs
	@$(PROVE) $(call tests,$(UNIT_PROGRAMS))
UNIT_PROGRAMS = $(patsubst %,$O/t/unit/%,$(UNITS))

# Faults for tests: an allocation that fails, a kill -9, a nap. Never sanitized.
SHIMS := $(patsubst %,$O/t/fault/%.so,oom kill nap)
fault-shims: $(SHIMS)
$(SHIMS): $O/t/fault/%.so: t/fault/%.c t/fault/points.h $O/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(HARDEN) $(SANFLAGS),$(KEEP_CFLAGS)) $(CFLAGS) \
		-fno-builtin -fvisibility=default -shared -o $@ $<

# A second dispatcher and suite, whose table has the command `try` of t/verbs.
TRY_LIB := $O/t/lib/keep
TRY := $O/t/bin/keep $(TRY_LIB)/libkeep-suite.so $(TRY_LIB)/libkeep-tryout.so
TRY_SUITE := $(call obj,$(filter-out %/table.c,$(LIB_SRC_suite))) \
	$O/obj/t/table.o
TRY_LINKS := $(LIBKEEP) $(filter-out %-suite.so,$(SHARED)) $(LIBDIR)/platform \
	$(LIBDIR)/local
$O/obj/t/table.o: cmd/keep/table.c $O/flags
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -DKEEP_TEST_TABLE -c -o $@ $<
$(eval $(call list,tryout,$(wildcard t/verbs/*.c)))
$O/t/bin/keep: $O/obj/cmd/keep/main.o $(TRY_SUITE) $(LIBKEEP) $(SHARED)
	@mkdir -p $(@D) $O/t/libexec/keep $(TRY_LIB)
	$(Q)ln -sfn $(patsubst $O/%,../../../%,$(TRY_LINKS)) $(TRY_LIB)
	$(Q)$(LINK) -pie -Wl,-rpath,'$$ORIGIN/../lib/keep' -o $@ \
		$(filter %.o,$^) -L$(LIBDIR) -lkeep
$(TRY_LIB)/libkeep-suite.so: $(TRY_SUITE) $O/lists/suite
$(TRY_LIB)/libkeep-tryout.so: $(call obj,$(wildcard t/verbs/*.c)) $O/lists/tryout
$(TRY_LIB)/libkeep-%.so: $(LIBKEEP)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(LINK) -shared -Wl,-Bsymbolic,-soname,libkeep-$*.so \
		-Wl,-rpath,'$$ORIGIN' -o $@ $(filter %.o,$^) -L$(LIBDIR) -lkeep

# --- suites --------------------------------------------------------------
# A script t/tNNNN-*.sh may have a line `# tags: slow nosan sweep`.
SCRIPTS := $(wildcard t/t[0-9]*.sh)
tagged = $(if $(SCRIPTS),$(shell grep -l '^# tags:.*\<$1\>' $(SCRIPTS)))
QUICK := $(filter-out $(call tagged,slow),$(SCRIPTS))
JOBS ?= $(shell nproc)
PROVE = O=$(abspath $O) prove -f -j$(JOBS)
tests = $(if $(strip $1),-e '' $(strip $1),/dev/null)
# A make below this one, parallel where this one is not.
SUB = +@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

# What `make check` looks at beside the tests.
CHECKS := lint layers hdr-check wire-lock-check man-lint

#: make lint         sizes, words, names, scripts
#: make layers       what may know what; no static data; NEEDED
#: make hdr-check    each public header compiles alone, with gcc and clang
.PHONY: lint layers hdr-check
lint:
	@t/lint
layers: built
	@t/layers $O $(foreach l,$(LIBRARIES),\
		'$l:$(LIB_DIR_$l):$(LIB_PKG_$l):$(LIB_USES_$l):$(LIB_OPENS_$l)')
HDR_CHECK = -std=gnu17 -D_GNU_SOURCE -Iinclude $(WARN) -Werror -fsyntax-only
hdr-check:
	@for h in include/keep/*.h; do \
		gcc $(HDR_CHECK) $(GCC_WARN) -x c -include $$h /dev/null && \
		clang $(HDR_CHECK) $(CLANG_WARN) -x c -include $$h /dev/null \
			|| exit 1; \
	done

#: make wire-lock    write what programs rely on into include/keep/wire.lock
.PHONY: wire-lock wire-lock-check
WIRE_LOCK := include/keep/wire.lock
wire-lock: all
	@$O/bin/keep x-wire-lock > $O/wire.lock && cp $O/wire.lock $(WIRE_LOCK)
wire-lock-check: built
	@$O/bin/keep x-wire-lock > $O/wire.lock && \
		t/wire-lock $(WIRE_LOCK) $O/wire.lock

#: make check        all tests but the slow ones, and the checks of the source
#: make test         all tests, after installing what they need
.PHONY: check test built
built: all unit-programs $(TRY)
	@:
check:
	$(SUB) DEVELOPER=1 built $(CHECKS)
	@$(PROVE) $(call tests,$(UNIT_PROGRAMS) $(QUICK))
test: deps-test
	$(SUB) DEVELOPER=1 built $(CHECKS)
	@$(PROVE) $(call tests,$(UNIT_PROGRAMS) $(SCRIPTS))

#: make deps         install what building needs (apt)
#: make deps-test    install what tests need, too
.PHONY: deps deps-test
deps:
	@t/deps t/deps.list
deps-test:
	@t/deps t/deps.list t/deps-test.list
	@[ "$$(id -u)" != 0 ] || t/image > /dev/null

#: make sweep        every fault at every point (K=10: at every tenth)
#: make oom-units    of these, the unit tests without memory (OOM_UNITS="a b")
.PHONY: sweep oom-units
sweep: built
	@SWEEP_K=$(or $K,1) $(PROVE) -v $(call tests,$(call tagged,sweep))
oom-units: built
	@$(if $K,SWEEP_K=$K) $(PROVE) -v t/t0010-oom-units.sh

#: make soak         a server under 200 calls a second for 30 min (SOAK_S=N: N s)
.PHONY: soak
soak: built
	@$(PROVE) -v t/soak/serve.sh

# --- fuzzers: clang's, with the sanitizers, from objects of their own -------
FUZZERS := $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/*.c))
FUZZ_CC := clang -std=gnu17 -D_GNU_SOURCE -Iinclude -include keep/banned.h \
	-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-DKEEP_VERSION='"$(VERSION)"'
fuzz_obj = $(patsubst %.c,$O/obj/fuzz/%.o,$1)
$O/obj/fuzz/%.o: %.c t/check.mk
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
define fuzz_rules
$O/t/fuzz/$1: $(call fuzz_obj,t/fuzz/$1.c $(CORE_SRC) $(foreach l,\
		$(call uses,t/fuzz/$1.c),$(LIB_SRC_$l))) \
		$(patsubst %,$O/lists/%,libkeep $(call uses,t/fuzz/$1.c))
	@mkdir -p $$(@D)
	$$(Q)$(FUZZ_CC) -fsanitize=fuzzer -o $$@ $$(filter %.o,$$^) $(foreach l,\
		$(call uses,t/fuzz/$1.c),$(LIB_PKG_$l)) -lcbor -lsodium
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rules,$f)))

#: make fuzz-smoke   each fuzzer for 20 s, its corpus first; make fuzz: 10 min
.PHONY: fuzz-smoke fuzz fuzzers
fuzzers: $(patsubst %,$O/t/fuzz/%,$(FUZZERS))
	@:
fuzz-smoke:
	$(SUB) fuzzers
	@O=$(abspath $O) t/fuzz/run $(or $(SECONDS),20) $(FUZZERS)
fuzz:
	$(SUB) fuzzers
	@O=$(abspath $O) t/fuzz/run $(or $(SECONDS),600) $(FUZZERS)

# --- other builds of the same: sanitized, counted ---------------------------
PLAIN := $(filter-out $(call tagged,nosan),$(QUICK))
SAN_OPTIONS := ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 \
	LSAN_OPTIONS=suppressions=$(CURDIR)/t/lsan.list:print_suppressions=0 \
	UBSAN_OPTIONS=print_stacktrace=1

#: make san          units and quick scripts under ASan and UBSan
#: make cover        lines run by units and quick scripts, folder by folder
.PHONY: san san-run cover cover-run
san:
	$(SUB) O=build-san SAN=address,undefined CFLAGS='-O1 -g' DEVELOPER=1 \
		built
	@$(MAKE) --no-print-directory O=build-san san-run
san-run:
	@$(SAN_OPTIONS) $(PROVE) $(call tests,$(UNIT_PROGRAMS) $(PLAIN))
cover:
	$(SUB) O=build-cover COVER=1 CFLAGS='-O0 -g' built
	@find build-cover -name '*.gcda' -delete
	@$(MAKE) --no-print-directory O=build-cover san-run
	@t/cover build-cover

# --- analysers ---------------------------------------------------------------
# What they may not say, and why: t/cppcheck.list, .clang-tidy.
SOURCES := $(wildcard libcli/*/*.c cmd/*/*.c cmd/*/*/*.c)
#: make analyze      gcc -fanalyzer, cppcheck, clang-tidy
.PHONY: analyze analyze-gcc analyze-cppcheck analyze-tidy
analyze: analyze-cppcheck analyze-tidy
	$(SUB) O=build-analyze CFLAGS='-O2 -g -fanalyzer' DEVELOPER=1 analyze-gcc
analyze-gcc: $(call obj,$(SOURCES))
	@:
analyze-cppcheck:
	@cppcheck -q -j$(JOBS) --std=c11 --enable=warning,portability \
		--error-exitcode=1 --suppressions-list=t/cppcheck.list \
		-Iinclude -D_GNU_SOURCE -DKEEP_VERSION='""' $(SOURCES)
analyze-tidy:
	@printf '%s\n' $(SOURCES) | xargs -r -P$(JOBS) -n4 t/tidy

# A bench t/bench/X.c is a program over libkeep and a peer; t/bench/README.md
# tells of each. It fails when the ratio is under its bound.
BENCHES := $(patsubst t/bench/%.c,%,$(wildcard t/bench/*.c))
define bench_rules
$O/t/bench/$1: $O/obj/t/bench/$1.o $(patsubst %,$O/obj/libkeep-%.a,\
		$(call uses,t/bench/$1.c)) $(CORE_AR)
	@mkdir -p $$(@D)
	$$(Q)$$(LINK) -pie -o $$@ $$^ $(foreach l,$(call uses,t/bench/$1.c),\
		$(LIB_PKG_$l)) -lcbor -lsodium
endef
$(foreach b,$(BENCHES),$(eval $(call bench_rules,$b)))
#: make bench        compare the speed with that of peers
.PHONY: bench
bench: all $(patsubst %,$O/t/bench/%,$(BENCHES))
	@set -e; for b in $(patsubst %,$O/t/bench/%,$(BENCHES)) $(wildcard t/bench/*.sh); do O=$(abspath $O) $$b; done
