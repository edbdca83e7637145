#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fetch_security.bats: logins, certificates and permissions of kmeta-fetch.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support
load fetch

pki=$TESTDATA/pki

@test "PLAIN, SCRAM and OAUTHBEARER" {
	need_tls
	serve --login 'PLAIN:alice:p"=, \word'
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=PLAIN \
		'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \' \
		'  username="alice" \' '  password="p\\"=, \\\\word";'
	logs_in
	for mechanism in SCRAM-SHA-256 SCRAM-SHA-512; do
		serve --login "$mechanism:a=b,c:secret-word"
		properties security.protocol=SASL_PLAINTEXT sasl.mechanism=$mechanism \
			"$(jaas scram.ScramLoginModule a=b,c secret-word)"
		logs_in
	done
	serve --login OAUTHBEARER::the-token
	echo the-token >token
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=OAUTHBEARER \
		"sasl.oauthbearer.token.endpoint.url=file://$PWD/token"
	logs_in
}

@test "a password from the environment, and properties from a pipe" {
	serve --login PLAIN:alice:from-outside
	export KMETA_TEST_PASSWORD=from-outside
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=PLAIN \
		"$(jaas plain.PlainLoginModule alice '${env:KMETA_TEST_PASSWORD}')"
	logs_in
	rm -r copy
	fetch "$at" --out copy --command-config <(cat client.properties)
	[ "$status" -eq 0 ]
	unset KMETA_TEST_PASSWORD
	rm -r copy
	fetch "$at" --out copy --command-config client.properties
	refused 'sasl.jaas.config: only ${env:NAME} is understood'
}

@test "a login that is refused: once, with the principal, and never the password" {
	need_tls
	for mechanism in PLAIN SCRAM-SHA-512; do
		serve --login $mechanism:alice:right-word --faults control
		module=$([ $mechanism = PLAIN ] && echo plain.PlainLoginModule || echo scram.ScramLoginModule)
		properties security.protocol=SASL_PLAINTEXT sasl.mechanism=$mechanism "$(jaas $module alice wrong-word)"
		fetch "$at" --out copy --command-config client.properties
		refused "authentication failed ($mechanism, User:alice)"
		[[ $stderr != *word* ]]
		[ "$(grep -c connection "$errors")" -eq 1 ]
	done
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=PLAIN "$(jaas plain.PlainLoginModule alice x)"
	fetch "$at" --out copy --command-config client.properties
	refused "does not take sasl.mechanism=PLAIN but SCRAM-SHA-512"
	fetch "$at" --out copy --timeout 300ms
	refused "or a login"
}

@test "a server that does not know the password, or would make us work for ever" {
	need_tls
	for fault in scram-server scram-nonce scram-count; do
		serve --login SCRAM-SHA-256:alice:secret-word --faults $fault
		properties security.protocol=SASL_PLAINTEXT sasl.mechanism=SCRAM-SHA-256 \
			"$(jaas scram.ScramLoginModule alice secret-word)"
		fetch "$at" --out copy --command-config client.properties
		refused "SCRAM authentication failed"
	done
}

@test "a permission that is missing: once, with what is missing and for whom" {
	serve --login PLAIN:alice:secret-word --faults unauthorized
	properties security.protocol=SASL_PLAINTEXT sasl.mechanism=PLAIN "$(jaas plain.PlainLoginModule alice secret-word)"
	fetch "$at" --out copy --command-config client.properties
	refused "User:alice lacks the permission CLUSTER_ACTION on the cluster"
	[ "$(grep -c connection "$errors")" -eq 1 ]
}

@test "TLS with and without a client's certificate, from PEM and PKCS12" {
	need_tls
	serve --tls "$pki/server.pem"
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.pem" ssl.truststore.type=PEM
	logs_in
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.p12" ssl.truststore.password=secret
	logs_in
	properties security.protocol=SSL "ssl.truststore.certificates=$(tr '\n' ' ' <"$pki/ca.pem")" ssl.truststore.type=PEM
	logs_in
	serve --tls "$pki/server.pem" --client-ca "$pki/ca.pem"
	local trust="ssl.truststore.location=$pki/ca.pem"
	properties security.protocol=SSL "$trust" "ssl.keystore.location=$pki/client.pem"
	logs_in
	properties security.protocol=SSL "$trust" "ssl.keystore.location=$pki/client.p12" ssl.keystore.password=secret
	logs_in
	properties security.protocol=SSL "$trust" "ssl.keystore.location=$pki/client-encrypted.pem" ssl.key.password=secret
	logs_in
	rm -r copy
	properties security.protocol=SSL "$trust"
	fetch "$at" --out copy --command-config client.properties
	[ "$status" -eq 2 ]
	said "certificate"
}

@test "certificates and stores that are of no use: said, and never tried again" {
	need_tls
	serve --tls "$pki/server.pem"
	properties security.protocol=SSL "ssl.truststore.location=$pki/other.pem"
	fetch "$at" --out copy --command-config client.properties
	refused "the server's certificate is not accepted for localhost"
	[ "$(grep -c connection "$errors")" -eq 1 ]
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.p12" ssl.truststore.password=wrong
	fetch "$at" --out copy --command-config client.properties
	refused "cannot open it with its password"
	properties security.protocol=SSL "ssl.truststore.location=$pki/nowhere.pem"
	fetch "$at" --out copy --command-config client.properties
	refused "No such file"
	printf '\376\355\376\355\0\0\0\2' >store.jks
	properties security.protocol=SSL ssl.truststore.location=store.jks ssl.truststore.password=secret
	fetch "$at" --out copy --command-config client.properties
	refused "keytool -importkeystore -srckeystore store.jks -destkeystore store.jks.p12 -deststoretype PKCS12"
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.pem" "ssl.keystore.location=$pki/client-encrypted.pem"
	fetch "$at" --out copy --command-config client.properties
	refused "ssl.key.password opens an encrypted one"
	serve
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.pem"
	fetch "$at" --out copy --timeout 500ms --command-config client.properties
	refused "no TLS handshake"
	serve --tls "$pki/server.pem"
	fetch "$at" --out copy --timeout 500ms
	refused TLS
}

@test "the server's name is checked, unless the check is switched off" {
	need_tls
	serve --tls "$pki/wrong.pem"
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.pem"
	fetch "$at" --out copy --command-config client.properties
	refused "certificate" "hostname mismatch"
	fetch "127.0.0.1:$port" --out copy --command-config client.properties
	refused "certificate" "IP address mismatch"
	properties security.protocol=SSL "ssl.truststore.location=$pki/ca.pem" ssl.endpoint.identification.algorithm=
	logs_in
}

@test "properties: what is not understood is passed over, with a note where it matters" {
	serve
	properties '# a comment' '! another' bootstrap.servers=x:1 client.id=y ssl.cipher.suites=z 'ssl.protocol=TLSv1.2'
	logs_in
	said "client.properties: ssl.cipher.suites is passed over"
	[[ $stderr != *client.id* ]]
	rm -r copy
	properties security.protocol=KERBEROS
	fetch "$at" --out copy --command-config client.properties
	refused "client.properties: security.protocol: it takes PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
	properties security.protocol=SASL_SSL sasl.mechanism=DIGEST-MD5
	fetch "$at" --out copy --command-config client.properties
	refused "sasl.mechanism: it takes PLAIN"
	properties security.protocol=SASL_SSL sasl.mechanism=PLAIN 'sasl.jaas.config=nonsense'
	fetch "$at" --out copy --command-config client.properties
	refused "sasl.jaas.config: it is not of the form"
	fetch "$at" --out copy --command-config nowhere
	refused "nowhere: cannot read: No such file"
}
