#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fetch_kerberos.bats: kmeta-fetch logs in by GSSAPI, with tickets of a real key distribution center.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support
load fetch

PATH+=:/usr/sbin:/sbin
realm=KMETA.TEST

# Debian's package is for Debian's Python, which need not be the first in PATH.
python=python3
$python -c 'import gssapi' 2>/dev/null || python=/usr/bin/python3

# Why these tests cannot run here; nothing if they can.
without_kerberos() {
	local program
	grep -q gss_init_sec_context "$KMETA_BIN/kmeta-fetch" || echo "kmeta-fetch is built without GSSAPI"
	for program in krb5kdc kdb5_util kadmin.local kinit; do
		command -v $program >/dev/null || echo "$program is not installed"
	done
	$python -c 'import gssapi' 2>/dev/null || echo "python3-gssapi is not installed"
}

# One realm for all tests: a client "alice", and the service of localhost.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	[ -z "$(without_kerberos)" ] || return 0
	local port
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	export KRB5_CONFIG=$PWD/krb5.conf KRB5_KDC_PROFILE=$PWD/kdc.conf KRB5CCNAME=FILE:$PWD/tickets
	export KRB5_KTNAME=$PWD/service.keytab
	cat >krb5.conf <<-END
		[libdefaults]
		default_realm = $realm
		dns_lookup_kdc = false
		dns_canonicalize_hostname = false
		rdns = false
		[realms]
		$realm = {
			kdc = 127.0.0.1:$port
		}
		[domain_realm]
		localhost = $realm
	END
	cat >kdc.conf <<-END
		[kdcdefaults]
		kdc_listen = 127.0.0.1:$port
		kdc_tcp_listen = 127.0.0.1:$port
		[realms]
		$realm = {
			database_name = $PWD/principal
			key_stash_file = $PWD/stash
		}
	END
	kdb5_util create -s -P master -r $realm >kdc.out 2>&1
	kadmin.local -r $realm >>kdc.out 2>&1 <<-END
		addprinc -pw alices-word alice
		addprinc -randkey kafka/localhost
		addprinc -randkey other/localhost
		ktadd -k service.keytab kafka/localhost other/localhost
		ktadd -norandkey -k alice.keytab alice
	END
	krb5kdc -n -r $realm >>kdc.out 2>&1 3>&- &
	echo $! >kdc.pid
	for _ in {1..100}; do
		! kinit -k -t alice.keytab alice >>kdc.out 2>&1 || break
		sleep 0.05
	done
	kdestroy
}

teardown_file() {
	[ ! -e "$BATS_FILE_TMPDIR/kdc.pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/kdc.pid")"
}

need_kerberos() {
	local lacks
	lacks=$(without_kerberos)
	[ -z "$lacks" ] || skip "${lacks//$'\n'/, }"
	cp "$BATS_FILE_TMPDIR/alice.keytab" .
}

# krb5 OPTION...: client.properties with these options of the login module
krb5() {
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=GSSAPI sasl.kerberos.service.name=kafka \
		"sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required $*;"
}

@test "by a key table, which leaves no tickets behind" {
	need_kerberos
	serve --login "GSSAPI:alice@$realm:"
	krb5 useKeyTab=true storeKey=true "keyTab=\"$PWD/alice.keytab\" principal=\"alice@$realm\""
	logs_in
	[ -z "$stderr" ] || [[ $stderr != *"passed over"* ]]
	[ ! -e "${KRB5CCNAME#FILE:}" ]
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\""
	logs_in
}

@test "by what kinit left, here and in a cache of its own" {
	need_kerberos
	serve --login "GSSAPI:alice@$realm:"
	kinit -c FILE:own -k -t alice.keytab alice
	krb5 useTicketCache=true "ticketCache=\"$PWD/own\""
	logs_in
	KRB5CCNAME=FILE:$PWD/own
	properties security.protocol=SASL_PLAINTEXT
	logs_in
}

@test "the service has another name" {
	need_kerberos
	serve --login "GSSAPI:alice@$realm:"
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\""
	sed -i s/name=kafka/name=other/ client.properties
	logs_in
	sed -i s/name=other/name=nobody/ client.properties
	rm -r copy
	fetch "$at" --out copy --command-config client.properties
	refused "Kerberos: no login at nobody@localhost" "not found in Kerberos database"
}

@test "no tickets, no such principal, no key table: said, and never tried again" {
	need_kerberos
	serve --login "GSSAPI:alice@$realm:"
	krb5 useTicketCache=true
	fetch "$at" --out copy --command-config client.properties
	refused "Kerberos: no" "kinit" "No Kerberos credentials available"
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\" principal=\"bob@$realm\""
	fetch "$at" --out copy --command-config client.properties
	refused "Kerberos: no" "bob@$realm"
	krb5 useKeyTab=true keyTab=/nowhere
	fetch "$at" --out copy --command-config client.properties
	refused "cannot read the key table /nowhere: No such file"
	[ "$(grep -c connection "$errors")" -eq 3 ]
}

@test "a login that is refused names the principal" {
	need_kerberos
	serve --login "GSSAPI:carol@$realm:" --faults control
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\""
	fetch "$at" --out copy --command-config client.properties
	refused "authentication failed (GSSAPI, User:alice@$realm)"
	[ "$(grep -c connection "$errors")" -eq 1 ]
}

@test "a server that does not prove to be the service" {
	need_kerberos
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\""
	for fault in gss-token gss-layer gss-short gss-plain; do
		serve --login "GSSAPI:alice@$realm:" --faults $fault
		fetch "$at" --out copy --command-config client.properties
		refused "Kerberos: " "kafka@localhost"
	done
}

@test "a permission that is missing: the server knows the principal by its short name" {
	need_kerberos
	serve --login "GSSAPI:alice@$realm:" --faults unauthorized
	krb5 useKeyTab=true "keyTab=\"$PWD/alice.keytab\""
	fetch "$at" --out copy --command-config client.properties
	refused "User:alice lacks the permission CLUSTER_ACTION" "'User:alice'"
}
