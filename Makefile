# SPDX-License-Identifier: Apache-2.0
# kmeta: the library libkmeta and the commands on it. "make help" lists the targets.
#
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS DESTDIR PREFIX LIBDIR. SANITIZE=1 builds with the address
# and undefined behaviour sanitizers, SANITIZE=thread with that for threads, WITHOUT="snappy lz4 zstd
# browse redact tls sasl sql" without codecs, the browser, kmeta-redact, TLS and SCRAM, Kerberos, and
# kmeta-sql with the extension of SQLite, V=1 shows commands.

VERSION := 0.1.0
SONAME  := libkmeta.so.0
ARCH    := $(shell uname -m)
OUT     := build/$(if $(SANITIZE),sanitize$(patsubst 1,,$(SANITIZE:thread=-thread)),$(if $(STATIC),static-$(ARCH),release))
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib

# ---- Libraries: pkg-config knows where they are ----

# A list with commas will do.
comma := ,
override WITHOUT := $(subst $(comma), ,$(WITHOUT))

PKG_CONFIG ?= pkg-config

# A static build takes libisal.a from where tools/static-isal puts it, and has no Kerberos: Debian
# has only a shared one. For another ARCH, the compiler is that of Debian's crossbuild-essential.
STATIC_ISAL := build/isal-$(ARCH)
ifdef STATIC
override PKG_CONFIG := env PKG_CONFIG_LIBDIR=$(STATIC_ISAL):/usr/lib/$(ARCH)-linux-gnu/pkgconfig $(PKG_CONFIG) --static
override WITHOUT += sasl
ifneq ($(ARCH),$(shell uname -m))
CC := $(ARCH)-linux-gnu-gcc
endif
endif

# PACKAGES is what Debian calls REQUIRED, CODEC_LIBS what pkg-config calls OPTIONAL.
REQUIRED   := zlib libisal jansson nettle
PACKAGES   := zlib1g-dev libisal-dev libjansson-dev nettle-dev
OPTIONAL   := snappy lz4 zstd
CODEC_LIBS := snappy liblz4 libzstd

# says FOUND,LIBRARIES,NAME,PACKAGES: what the build has of something that WITHOUT=NAME leaves out.
says       = $(if $(1),$(2),none$(if $(filter $(3),$(WITHOUT)),,: it needs $(4) (as Debian calls it)))
found      = $(shell $(PKG_CONFIG) --exists '$(1)' 2>/dev/null && echo yes)
MISSING   := $(strip $(if $(shell command -v $(firstword $(PKG_CONFIG)) 2>/dev/null),,pkg-config) \
               $(foreach module,$(REQUIRED),\
                 $(if $(call found,$(module)),,$(filter $(module)%,$(PACKAGES)))))
CODECS    := $(strip $(foreach codec,$(filter-out $(WITHOUT),$(OPTIONAL)),\
               $(if $(call found,$(filter %$(codec),$(CODEC_LIBS))),$(codec))))

# The browser is built where its libraries are; WITHOUT=browse leaves it out.
BROWSE_LIBS     := ncursesw libpcre2-8
BROWSE_PACKAGES := libncurses-dev libpcre2-dev
BROWSER         := $(if $(filter browse,$(WITHOUT)),,$(filter yes,$(call found,$(BROWSE_LIBS))))

# So is kmeta-redact; WITHOUT=redact leaves it out.
REDACT_LIBS     := libcrypto
REDACT_PACKAGES := libssl-dev
REDACTS         := $(if $(filter redact,$(WITHOUT)),,$(call found,$(REDACT_LIBS)))

# TLS and SCRAM of kmeta-fetch take OpenSSL; WITHOUT=tls leaves both out.
TLS_LIBS     := libssl libcrypto
TLS_PACKAGES := libssl-dev
TLS          := $(if $(filter tls,$(WITHOUT)),,$(call found,$(TLS_LIBS)))

# GSSAPI of kmeta-fetch takes MIT Kerberos; WITHOUT=sasl leaves it out.
SASL_LIBS     := krb5-gssapi
SASL_PACKAGES := libkrb5-dev
SASL          := $(if $(filter sasl,$(WITHOUT)),,$(call found,$(SASL_LIBS)))

# kmeta-sql and the extension of SQLite; WITHOUT=sql leaves both out.
SQL_LIBS     := sqlite3
SQL_PACKAGES := libsqlite3-dev (3.38 or later)
SQL          := $(if $(filter sql,$(WITHOUT)),,$(call found,$(SQL_LIBS) >= 3.38))

MODULES   := $(REQUIRED) $(foreach codec,$(CODECS),$(filter %$(codec),$(CODEC_LIBS)))

$(if $(filter-out $(OPTIONAL) browse redact tls sasl sql,$(WITHOUT)),$(error WITHOUT may name $(OPTIONAL) browse redact tls sasl sql))

# ---- Flags: ours first, so that yours win. Two -fsanitize, since a comma would split $(if) ----

CFLAGS     ?= -O2 -g
WARNINGS   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
SANITIZERS := $(if $(SANITIZE),$(if $(filter thread,$(SANITIZE)),-fsanitize=thread,\
                -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all))

DEFINES    := -D_GNU_SOURCE -DKMETA_VERSION=$(VERSION) \
              $(shell echo '$(CODECS:%=-DKMETA_WITH_%)' | tr a-z A-Z) $(if $(TLS),-DKMETA_WITH_TLS) \
              $(if $(SASL),-DKMETA_WITH_SASL) $(if $(STATIC),-DKMETA_STATIC -ffile-prefix-map=$(CURDIR)=.)
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(MODULES) 2>/dev/null)
# The library loads libsnappy itself, when a batch needs it; its tests and a static build link it.
LIBS       := $(shell $(PKG_CONFIG) --libs $(if $(STATIC),$(MODULES),$(filter-out snappy,$(MODULES))) 2>/dev/null) \
              $(if $(STATIC),-lstdc++) -lm -ldl -pthread
# Only what reads a live quorum links it.
NET_LIBS   := $(if $(TLS),$(shell $(PKG_CONFIG) --libs $(TLS_LIBS))) \
              $(if $(SASL),$(shell $(PKG_CONFIG) --libs $(SASL_LIBS)))

COMPILE = $(CC) -std=c17 -fPIC -fvisibility=hidden -MMD -MP -Ilibkmeta $(DEFINES) $(LIB_CFLAGS) \
          $(WARNINGS) $(SANITIZERS) $(EXTRA_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(SANITIZERS) $(if $(STATIC),-static-pie) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
          $(EXTRA_LIBS) $(LIBS) $(LDLIBS)

# ---- Sources: a file of the library uses only what stands before it (tools/lint checks) ----

ROOMS  := base record log net print state check
base   := buffer finding findings options table threads
record := snappy codec batch schema settings setting dialect kind decode scan encode pack write
log    := stream file reverse logdir end watch source spool page pages
net    := packet errors requests responses properties jaas settings waiting stores tls dial connection scram kerberos login endpoints \
          quorum quorum_log quorum_checkpoint quorum_status
print  := scalar secret timestamp address needle topics color text json dumplog quick_json quick_text printer filter filter_look matcher subject entity arrow_stream \
          arrow_fields arrow
state  := javamap partitions pending image partial freeze snapshot walk list checkpoint diff changes since rules rules_broker rules_quorum rules_topic \
          replay expect query block ahead load rejoin document digest problem problems_partition problems_config problems_log problems_cluster problems targets history \
          kept_states timeline timeline_find timeline_state \
          events_cause events_partition events_rules events_run events
check  := loss check_index check_file side_text properties node info_partitions info identity check_quorum check_side_files check_companions \
          left_behind compare_checkpoint known_nodes releases check_start check_partition value_rules check_meaning check_replay \
          check_directory nodes check_nodes verify stat

# The browser, in the same way.
term   := grid theme keys user_files own_keys pattern outline prompt terminal
model  := job index row_pages rows message task cursor jumps marks filter search table_columns table_terms table_tally table model events
views  := choice way named log_view record_view tree_lines state_problems state_tree state_steps state_view table_draw table_view history_view diff_view statistics_view events_view nodes_view help_view
BROWSE := $(foreach layer,term model views,$($(layer):%=$(layer)/%)) screen take past finds completes asks actions browser

# The tables of SQL, which the command and the extension share.
SQL_TABLES := tables values states records_plan records_scan records_columns records partitions entities pull changed judged pulled register

LIBRARY := $(foreach room,$(ROOMS),$($(room):%=$(room)/%))
TOOLS   := dump verify image diff history stat info report snapshot salvage fetch $(if $(SQL),sql) $(if $(REDACTS),redact) $(if $(BROWSER),browse)

LIBRARY_OBJECTS := $(LIBRARY:%=$(OUT)/libkmeta/%.o)
UNIT_TESTS      := $(patsubst %.c,%,$(wildcard tests/unit/test_*.c))
HELPERS         := $(patsubst %.c,tests/%,$(notdir $(wildcard tests/oracle/*.c tests/helpers/*.c)))
FUZZERS         := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

# ---- Rules ----

all: commands $(OUT)/libkmeta.a $(OUT)/$(SONAME) $(if $(SQL),$(OUT)/kmeta.so)  ## build commands and library

commands: $(TOOLS:%=$(OUT)/kmeta-%) $(OUT)/kmeta

say = $(if $(V),,@echo "  $(1) $@";)
$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC  )$(COMPILE) -c -o $@ $<

# Every object depends on this file, which changes only when the flags do.
FLAGS := $(subst ','\'',$(COMPILE) : $(LIBRARY) : $(BROWSER) $(REDACTS) $(SQL) : $(LDFLAGS) $(LIBS) $(LDLIBS))
$(OUT)/flags: FORCE
	@$(if $(MISSING),echo "kmeta needs $(MISSING) (as Debian calls it) to be built; \
	    tools/setup build and make demo do so" >&2; exit 1)
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || { echo '$(FLAGS)' >$@; \
	    $(if $(V),,echo "  codecs: gzip $(CODECS)"; \
        echo "  browser: $(call says,$(BROWSER),$(BROWSE_LIBS),browse,$(BROWSE_PACKAGES))"; \
        echo "  redact: $(call says,$(REDACTS),$(REDACT_LIBS),redact,$(REDACT_PACKAGES))"; \
        echo "  TLS: $(call says,$(TLS),$(TLS_LIBS),tls,$(TLS_PACKAGES))"; \
        echo "  GSSAPI: $(call says,$(SASL),$(SASL_LIBS),sasl,$(SASL_PACKAGES))"; \
        echo "  sql: $(call says,$(SQL),$(SQL_LIBS),sql,$(SQL_PACKAGES))";) }

$(OUT)/libkmeta.a: $(LIBRARY_OBJECTS)
	$(call say,AR  )rm -f $@ && $(AR) rcs $@ $^

SHARED = -shared -Wl,-soname,$(SONAME) -Wl,--version-script,libkmeta/libkmeta.map \
         $(if $(SANITIZERS),,-Wl,-z,defs)
$(OUT)/$(SONAME): EXTRA_LIBS = $(NET_LIBS)
$(OUT)/$(SONAME): $(LIBRARY_OBJECTS) libkmeta/libkmeta.map
	$(call say,LD  )$(LINK) $(SHARED)

# The extension of SQLite calls SQLite by a table of functions, and exports its entry point alone.
SQL_SHARED := $(OUT)/cmd/changes.o $(OUT)/cmd/dump/names.o $(OUT)/cmd/history/elections.o
SQL_OBJECTS := $(SQL_TABLES:%=$(OUT)/cmd/sql/%.o) $(OUT)/cmd/sql/extension.o $(SQL_SHARED) \
               $(OUT)/cmd/common/words.o $(OUT)/cmd/common/progress.o
$(OUT)/kmeta.so: $(SQL_OBJECTS) $(OUT)/libkmeta.a cmd/sql/extension.map
	$(call say,LD  )$(LINK) -shared -Wl,--version-script,cmd/sql/extension.map \
	    $(if $(SANITIZERS),,-Wl,-z,defs)

# A command is one file, what is in the folder of its name, and the frame of all commands.
objects_of     = $(patsubst %.c,$(OUT)/%.o,$(wildcard cmd/$(1)/*.c))
BROWSE_OBJECTS := $(BROWSE:%=$(OUT)/cmd/browse/%.o)
$(foreach tool,$(filter-out browse,$(TOOLS)),$(eval $(OUT)/kmeta-$(tool): $(call objects_of,$(tool))))
$(OUT)/kmeta-browse: $(BROWSE_OBJECTS) $(OUT)/descriptions.o $(OUT)/cmd/report/lines.o $(OUT)/cmd/report/sentences.o
$(OUT)/descriptions.c: tools/terminal-descriptions
	@mkdir -p $(@D)
	$(call say,GEN )tools/terminal-descriptions >$@
$(OUT)/kmeta-diff $(OUT)/kmeta-history $(OUT)/kmeta-browse: $(OUT)/cmd/changes.o
$(OUT)/kmeta-stat $(OUT)/kmeta-browse: $(OUT)/cmd/stats.o
$(OUT)/kmeta-browse: EXTRA_LIBS = $(shell $(PKG_CONFIG) --libs $(BROWSE_LIBS))
$(OUT)/kmeta-fetch: EXTRA_LIBS = $(NET_LIBS)
$(OUT)/kmeta-sql: $(SQL_SHARED)
$(OUT)/kmeta-sql: EXTRA_LIBS = $(shell $(PKG_CONFIG) --libs $(SQL_LIBS))
$(OUT)/kmeta-redact: EXTRA_LIBS = $(shell $(PKG_CONFIG) --libs $(REDACT_LIBS))
$(BROWSE_OBJECTS): EXTRA_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(BROWSE_LIBS))
$(OUT)/kmeta-%: $(OUT)/cmd/%.o $(call objects_of,common) $(OUT)/commit.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)

# Made again only when there is another commit.
$(OUT)/commit.c: FORCE
	@mkdir -p $(@D)
	@printf '#include "cmd/common/version.h"\n\nconst char version_commit[] = "%s";\n' "$$(tools/commit)" >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# What the build writes itself.
$(OUT)/commit.o $(OUT)/descriptions.o: $(OUT)/%.o: $(OUT)/%.c $(OUT)/flags
	$(call say,CC  )$(COMPILE) -I. -c -o $@ $<

# kmeta only runs the others.
$(OUT)/kmeta: $(OUT)/cmd/kmeta.o $(OUT)/cmd/common/near.o $(OUT)/cmd/common/version.o $(OUT)/commit.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)

# ---- Tests: link the archive, and so see what the library keeps to itself ----

$(OUT)/tests/%.o: private EXTRA_CFLAGS = $(shell $(PKG_CONFIG) --cflags criterion jansson)

$(OUT)/tests/unit/%: EXTRA_LIBS = $(shell $(PKG_CONFIG) --libs criterion jansson $(filter snappy,$(MODULES))) \
                                  $(NET_LIBS)
$(OUT)/tests/unit/%: $(OUT)/tests/unit/%.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)

# What the commands share and is not only seen from outside.
$(OUT)/tests/unit/test_near: $(OUT)/cmd/common/near.o

$(OUT)/tests/%: EXTRA_LIBS = $(shell $(PKG_CONFIG) --libs jansson)
$(OUT)/tests/%: $(OUT)/tests/oracle/%.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)
$(OUT)/tests/%: $(OUT)/tests/helpers/%.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)

# replay_X runs fuzz target X over files that are known; fuzz_X searches for new ones.
$(OUT)/tests/fuzz/replay_%: $(OUT)/tests/fuzz/fuzz_%.o $(OUT)/tests/fuzz/replay.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK)
$(OUT)/tests/fuzz/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(OUT)/libkmeta.a
	$(call say,LD  )$(LINK) -fsanitize=fuzzer

tests: $(UNIT_TESTS:%=$(OUT)/%) $(HELPERS:%=$(OUT)/%) $(FUZZERS:%=$(OUT)/tests/fuzz/replay_%)

# tools/setup may bring libraries, so the build that looks for them is a make of its own.
AGAIN = @+$(MAKE) --no-print-directory

check:  ## build and run every test; installs what is missing for that (Debian, Ubuntu)
	@tools/setup check
	$(AGAIN) all tests
	@tests/run $(OUT)

# Takes Debian's chromium, and playwright of PyPI where PYTHON finds it.
PYTHON ?= python3

check-html: all  ## open pages of kmeta-report in headless Chromium; takes chromium and playwright
	@KMETA_BIN=$(abspath $(OUT)) TESTDATA=$(abspath testdata) $(PYTHON) tests/html/check.py

# Takes a JDK, and pyspark 4, pyarrow and pandas of PyPI where PYTHON finds them.
check-spark: static  ## run kmeta.spark on a real cluster of Spark; takes pyspark, pyarrow, pandas and a JDK
	$(AGAIN) all
	@KMETA_BIN=$(abspath $(OUT)) KMETA_SHIPPED=$(abspath build/static-$(ARCH)) TESTDATA=$(abspath testdata) \
	    $(PYTHON) tests/spark/check.py

# Where Kafka's jars are, and the scripts that run a cluster from them.
ORACLE ?= $(abspath ../shared/oracle)

check-servers:  ## restore a real cluster, tell an incident of one, follow one for SOAK_SECONDS (1200); takes ORACLE
	@tools/setup check
	$(AGAIN) all
	@for test in restore incident 'soak $(SOAK_SECONDS)'; do \
	    ORACLE=$(ORACLE) KMETA_BIN=$(abspath $(OUT)) python3 tests/servers/$${test%% *}.py \
	        $${test#$${test%% *}} || exit 1; done

SOAK_SECONDS ?= 1200

# A log that is large enough to be read by a thread of its own: the same segments again and again.
races:  ## run what has threads under the thread sanitizer
	@tools/setup build
	$(AGAIN) SANITIZE=thread build/sanitize-thread/kmeta-stat build/sanitize-thread/kmeta-verify \
	    build/sanitize-thread/kmeta-dump build/sanitize-thread/kmeta-image
	@for i in $$(seq 60); do cat $(DEMO_LOG)/*.log; done >build/sanitize-thread/repeated.log
	@build/sanitize-thread/kmeta-stat build/sanitize-thread/repeated.log >build/sanitize-thread/stat.txt
	@build/sanitize-thread/kmeta-verify --quiet --jobs=3 $(DEMO_LOG)
	@for format in text json kafka; do build/sanitize-thread/kmeta-dump --quiet --jobs=3 --salvage \
	    --output=$$format build/sanitize-thread/repeated.log >build/sanitize-thread/dump.txt; done
	@for filter in --topic='orders*' --grep=payments --broker=11; do build/sanitize-thread/kmeta-dump --quiet \
	    --jobs=3 --salvage $$filter build/sanitize-thread/repeated.log >build/sanitize-thread/dump.txt; done
	@build/sanitize-thread/kmeta-image --output=hash testdata/cases/history-clear-elr/__cluster_metadata-0
	@echo 'no races'

# The files of counts are made before the tests run, and for everyone to write: some tests run the
# commands as another user, and a command that cannot write its counts says so on standard error.
coverage:  ## run the tests with counters, and print what of the library they ran
	@tools/setup check
	$(AGAIN) OUT=build/coverage CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage all tests
	@find build/coverage -name '*.gcno' | sed 's/gcno$$/gcda/' | while read -r counts; do \
	    : >"$$counts" && chmod a+rw "$$counts"; done
	@tests/run build/coverage
	@tools/coverage build/coverage

MUTANTS ?= 20
SEED    ?= 1

mutate:  ## change MUTANTS (20) operators of the library by SEED (1), list what no test notices
	@tools/setup check
	@tools/mutate --count=$(MUTANTS) --seed=$(SEED)

fuzz:  ## search with libFuzzer, each target for FUZZ_SECONDS (60)
	@test -n "$(FUZZERS)" || { echo "there is no tests/fuzz/fuzz_*.c" >&2; exit 1; }
	@tools/setup lint
	$(AGAIN) CC=clang OUT=build/fuzz SANITIZERS='$(FUZZ_SANITIZERS)' $(FUZZERS:%=fuzz-%)

FUZZ_SECONDS    ?= 60
FUZZ_SANITIZERS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

HOURS ?= 2

# Of each target's files only those are kept that reach something no other does; gcov then says how far all
# of them come.
fuzz-long:  ## search for HOURS (2), shared out to all targets; keep few files, and print what they reach
	@tools/setup lint
	$(AGAIN) fuzz FUZZ_SECONDS=$$(($(HOURS) * 3600 / $(words $(FUZZERS)))) FUZZ_SEED=1
	$(AGAIN) CC=clang OUT=build/fuzz SANITIZERS='$(FUZZ_SANITIZERS)' $(FUZZERS:%=fuzz-keep-%)
	$(AGAIN) OUT=build/fuzz-coverage CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage \
	    $(FUZZERS:%=build/fuzz-coverage/tests/fuzz/replay_%)
	@for target in $(FUZZERS); do find build/fuzz/corpus/$$target -type f -exec \
	    build/fuzz-coverage/tests/fuzz/replay_$$target {} + | tail -n 1; done
	@tools/coverage build/fuzz-coverage

fuzz-keep-%: $(OUT)/tests/fuzz/fuzz_%
	@rm -rf $(OUT)/kept/$* && mkdir -p $(OUT)/kept/$*
	@$< -merge=1 -timeout=20 -verbosity=0 $(OUT)/kept/$* $(OUT)/corpus/$* $(OUT)/seeds
	@rm -rf $(OUT)/corpus/$* && mv $(OUT)/kept/$* $(OUT)/corpus/$*
	@echo "fuzz_$*: $$(find $(OUT)/corpus/$* -type f | wc -l) files are kept in $(OUT)/corpus/$*"

fuzz-%: $(OUT)/tests/fuzz/fuzz_% $(OUT)/seeds
	@mkdir -p $(OUT)/corpus/$* $(OUT)/found
	@echo "fuzz_$*: $(FUZZ_SECONDS) seconds; what it finds goes to $(OUT)/found/"
	@$< -max_total_time=$(FUZZ_SECONDS) -timeout=20 -verbosity=0 -print_final_stats=1 \
	    $(if $(FUZZ_SEED),-seed=$(FUZZ_SEED)) -artifact_prefix=$(OUT)/found/$*- $(OUT)/corpus/$* $(OUT)/seeds

# Small files only: a fuzzer learns most from what it can run thousands of times a second.
$(OUT)/seeds:
	@mkdir -p $@
	@find testdata -type f -size -128 | while read -r file; do \
	    cp "$$file" "$@/$$(echo "$$file" | tr / -)"; done

bench: all $(OUT)/tests/alter  ## measure speed and memory against Kafka's own tools, and commit BASE
	@KMETA_BIN=$(abspath $(OUT)) BENCH_BASE=$(BASE) tests/bench/run

lint:  ## check format, warnings, order of includes, manual, completions, scripts
	@tools/setup lint
	@tools/lint

generate: all  ## write completions and options in the manual from the commands' own tables
	@tools/generate $(OUT)

DEMO_LOG := testdata/real/kraft-4.3-full/node-1/__cluster_metadata-0

demo:  ## install what the build needs (Debian, Ubuntu), build, and show a real log
	+@MAKE='$(MAKE)' tools/demo $(OUT)

# ---- Static commands, for hosts that have nothing ----

static:  ## build commands that need no library, for ARCH (x86_64, aarch64)
	@tools/setup static $(ARCH)
	@tools/static-isal $(STATIC_ISAL) $(ARCH)
	$(AGAIN) STATIC=1 ARCH=$(ARCH) commands

check-static: static  ## run static commands where there is nothing else
	$(AGAIN) all
	@tests/static/run build/static-$(ARCH) $(OUT) $(ARCH)

dist-static: static  ## pack static commands as build/kmeta-VERSION-linux-ARCH.tar.zst
	@tools/dist-static $(VERSION) $(ARCH) build/static-$(ARCH)

deb:  ## build Debian packages of the committed tree in build/deb
	@tools/setup deb
	@tools/deb $(VERSION)

# ---- Installing: SOURCE:TARGET, and uninstall removes the same targets ----

place     = $(foreach file,$(wildcard $(1)),$(file):$(PREFIX)/share/$(2)/$(notdir $(file)))
INSTALLED = $(OUT)/kmeta:$(PREFIX)/bin/kmeta \
            $(foreach tool,$(TOOLS),$(OUT)/kmeta-$(tool):$(PREFIX)/bin/kmeta-$(tool)) \
            $(OUT)/libkmeta.a:$(LIBDIR)/libkmeta.a \
            $(OUT)/$(SONAME):$(LIBDIR)/libkmeta.so.$(VERSION) \
            $(if $(SQL),$(OUT)/kmeta.so:$(LIBDIR)/sqlite3/kmeta.so) \
            $(OUT)/libkmeta.pc:$(LIBDIR)/pkgconfig/libkmeta.pc \
            libkmeta/kmeta.h:$(PREFIX)/include/kmeta.h \
            $(foreach room,$(ROOMS) types,libkmeta/kmeta/$(room).h:$(PREFIX)/include/kmeta/$(room).h) \
            $(foreach section,1 3 5 7,$(call place,man/*.$(section),man/man$(section))) \
            $(call place,completions/bash/*,bash-completion/completions) \
            $(call place,completions/zsh/*,zsh/site-functions) \
            $(call place,completions/fish/*,fish/vendor_completions.d)

# Made anew each time, as PREFIX may be another.
$(OUT)/libkmeta.pc: libkmeta/libkmeta.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    -e 's|@LIBS@|$(strip $(NET_LIBS) $(LIBS))|' $< >$@

install: all $(OUT)/libkmeta.pc  ## install below DESTDIR and PREFIX (/usr/local)
	@set -e; for each in $(INSTALLED); do \
	    case $$each in *:$(PREFIX)/bin/*) mode=755 ;; *) mode=644 ;; esac; \
	    install -D -m $$mode "$${each%%:*}" "$(DESTDIR)$${each#*:}"; done
	@ln -sf libkmeta.so.$(VERSION) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	@ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/libkmeta.so"

uninstall:  ## remove what install put there
	@for each in $(INSTALLED) :$(LIBDIR)/$(SONAME) :$(LIBDIR)/libkmeta.so; do \
	    rm -f "$(DESTDIR)$${each#*:}"; done

dist:  ## pack the committed tree as build/kmeta-VERSION.tar.gz
	@mkdir -p build
	git archive --prefix=kmeta-$(VERSION)/ -o build/kmeta-$(VERSION).tar.gz HEAD

clean:  ## remove everything that was built
	rm -rf build

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

show-%:
	@echo $($*)

-include $(wildcard $(OUT)/*/*.d $(OUT)/*/*/*.d $(OUT)/*/*/*/*.d)
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE all commands static check-static dist-static deb tests check check-servers check-spark races coverage mutate fuzz bench lint generate demo install uninstall dist clean help
