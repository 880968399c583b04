# Campanile: `make run` and `make test` are all a newcomer needs; neither asks a question.
# Everything is built once, optimised, and used by run, test and bench alike.

CONFIGURATION ?= release
SWIFT_BUILD = swift build -c $(CONFIGURATION)
BINARY = .build/$(CONFIGURATION)/campanile
SWIFT_TEST = CAMPANILE_BINARY=$(CURDIR)/$(BINARY) swift test -c $(CONFIGURATION) --skip-build
# Suites that talk to real daemons and interfaces, one after the other: what they wait for must not wait for other tests.
ALONE = SNMPTests PollingTests CaptureTests SamplingTests ConsoleTests AgentTests EndToEndTests
PREFIX ?= /usr
DESTDIR ?=

CAMPUS_TEST = CAMPANILE_CAMPUS=$(or $(CAMPUS),30) $(SWIFT_TEST) --no-parallel --filter WiredCampusTests

.PHONY: run test campus build format lint bench bench-snmp bench-store agreement fuzz install clean

run:            ## build, start on this host: local snmpd, default-route interface, SQLite, console
	@scripts/install-packages run
	@$(SWIFT_BUILD) --product campanile
	@scripts/run-here $(BINARY)

test:           ## every test; what needs ../shared, root or namespaces is skipped visibly where they are absent
	@scripts/install-packages test
	@$(SWIFT_BUILD) --build-tests
	@$(SWIFT_BUILD) --product campanile
	@$(SWIFT_TEST) $(foreach suite,$(ALONE),--skip $(suite))
	@for suite in $(ALONE); do $(SWIFT_TEST) --no-parallel --filter $$suite || exit 1; done
	@scripts/agreement $(BINARY)

campus:         ## a campus of 30 namespaces (CAMPUS=n) with snmpd and lldpd: discovered, drawn, rewired; needs root
	@scripts/install-packages test
	@$(SWIFT_BUILD) --build-tests
	@$(SWIFT_BUILD) --product campanile
	@$(CAMPUS_TEST)

build:
	@scripts/install-packages build
	@$(SWIFT_BUILD) --product campanile

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	swift format lint --recursive --parallel Package.swift Sources Tests

agreement:      ## agreement with LibreNMS and tshark over ../shared; fails when a figure of Tests/agreement.json falls
	@$(SWIFT_BUILD) --product campanile
	@scripts/agreement $(BINARY)

bench:          ## figures and ratios, each against a floor or a peer in the same run
	@scripts/install-packages build
	@$(SWIFT_BUILD) --product campanile
	@scripts/bench $(BINARY)

bench-snmp:     ## what polling costs: synthetic switches, silent and lossy ones, 5000 of them, SNMPv3 against snmpd; beside a floor in C
	@scripts/install-packages build
	@$(SWIFT_BUILD) --product campanile
	@scripts/bench-snmp $(BINARY)

bench-store:    ## what the evidence store costs with 1000 devices, one hour of polls
	BENCHMARKS=1 swift run -c release --scratch-path .build-bench EvidenceBench

fuzz:           ## the parsers of packets under libFuzzer, FUZZ_SECONDS long (60)
	FUZZ=1 swift build -c release --scratch-path .build-fuzz --product Fuzz
	mkdir -p .build-fuzz/corpus
	.build-fuzz/release/Fuzz -max_total_time=$(or $(FUZZ_SECONDS),60) -max_len=4096 -print_final_stats=1 .build-fuzz/corpus

install:        ## DESTDIR and PREFIX as usual; start it with systemctl enable --now campanile
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/campanile
	mkdir -p $(DESTDIR)$(PREFIX)/share/campanile $(DESTDIR)/etc/campanile/rules.d $(DESTDIR)/etc/campanile/probes.d
	cp -R Probes Rules $(DESTDIR)$(PREFIX)/share/campanile/
	install -D -m 644 systemd/campanile.service $(DESTDIR)/lib/systemd/system/campanile.service
	install -D -m 644 systemd/campanile-traps.socket $(DESTDIR)/lib/systemd/system/campanile-traps.socket
	install -D -m 644 systemd/campanile.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/campanile.conf
	install -D -m 644 systemd/campanile.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/campanile.conf
	test -e $(DESTDIR)/etc/campanile/campanile.yaml || install -D -m 644 Configuration/campanile.yaml $(DESTDIR)/etc/campanile/campanile.yaml
	test -e $(DESTDIR)/etc/campanile/site.yaml || install -D -m 644 Configuration/site.yaml $(DESTDIR)/etc/campanile/site.yaml

clean:
	rm -rf .build run
