/* SPDX-License-Identifier: Apache-2.0 */
/* test_net.c: the parts of reading a live quorum that need no server. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/endpoints.h"
#include "net/jaas.h"
#include "net/packet.h"
#include "net/properties.h"
#include "net/responses.h"
#include "net/scram.h"
#include "net/settings.h"

#define BYTES(text) ((struct kmeta_bytes){ (const uint8_t *)(text), strlen(text) })

static struct wire over(const struct kmeta_buffer *b)
{
	return wire_over((const uint8_t *)b->at, b->size);
}

/* ---- packets ---- */

Test(packet, what_is_written_is_read)
{
	struct kmeta_buffer out = { 0 };
	struct wire w;
	struct kmeta_bytes text;

	packet_int8(&out, -2);
	packet_int16(&out, -300);
	packet_int32(&out, -70000);
	packet_int64(&out, INT64_MIN + 1);
	packet_uvarint(&out, 300);
	packet_string(&out, "kmeta");
	packet_string(&out, NULL);
	packet_count(&out, 2);
	packet_no_tags(&out);
	packet_no_tags(&out);
	w = over(&out);
	cr_assert_eq(wire_int8(&w), -2);
	cr_assert_eq(wire_int16(&w), -300);
	cr_assert_eq(wire_int32(&w), -70000);
	cr_assert_eq(wire_int64(&w), INT64_MIN + 1);
	cr_assert_eq(wire_uvarint(&w), 300);
	text = packet_take_bytes(&w);
	cr_assert_eq(text.size, 5);
	cr_assert_eq(memcmp(text.data, "kmeta", 5), 0);
	text = packet_take_bytes(&w);
	cr_assert_null(text.data);
	cr_assert_eq(packet_take_count(&w, 1), 2);
	packet_skip_tags(&w);
	packet_skip_tags(&w);
	cr_assert_null(w.fault);
	cr_assert_eq(wire_left(&w), 0);
	kmeta_buffer_release(&out);
}

Test(packet, counts_above_what_the_bytes_can_hold_are_refused)
{
	const uint8_t many[] = { 0x0b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct wire w = wire_over(many, sizeof(many));

	cr_assert_eq(packet_take_count(&w, 1), 10);
	w = wire_over(many, sizeof(many));
	cr_assert_eq(packet_take_count(&w, 2), 0);
	cr_assert_not_null(w.fault);
}

Test(packet, text_of_a_server_has_no_control_characters)
{
	char text[8];

	packet_text(text, sizeof(text), BYTES("a\033[0m\377bcdefgh"));
	cr_assert_str_eq(text, "a?[0m?b");
}

/* ---- responses ---- */

static void put_fetch_head(struct kmeta_buffer *out, int16_t error)
{
	packet_int32(out, 0);
	packet_int16(out, error);
	packet_int32(out, 0);
}

Test(responses, fetch)
{
	struct kmeta_buffer out = { 0 }, tag = { 0 };
	struct fetch_response r;
	struct wire w;

	put_fetch_head(&out, 0);
	packet_count(&out, 1);
	kmeta_buffer_add(&out, "0123456789abcdef", 16);
	packet_count(&out, 1);
	packet_int32(&out, 0);
	packet_int16(&out, 74);
	packet_int64(&out, 500);
	packet_int64(&out, 500);
	packet_int64(&out, 20);
	packet_count(&out, 0);
	packet_int32(&out, -1);
	packet_bytes(&out, BYTES("records"));
	packet_int32(&tag, 3);
	packet_int32(&tag, 17);
	packet_no_tags(&tag);
	packet_uvarint(&out, 1);
	packet_uvarint(&out, 1);
	packet_uvarint(&out, (uint32_t)tag.size);
	kmeta_buffer_add(&out, tag.at, tag.size);
	packet_no_tags(&out);
	packet_no_tags(&out);
	w = over(&out);
	response_fetch(&w, &r);
	cr_assert_null(w.fault);
	cr_assert_eq(r.error, 74);
	cr_assert_eq(r.leader, 3);
	cr_assert_eq(r.leader_epoch, 17);
	cr_assert_eq(r.high_watermark, 500);
	cr_assert_eq(r.log_start, 20);
	cr_assert_eq(r.records.size, 7);
	cr_assert_not(r.diverging || r.has_snapshot);
	/* Every shorter one is refused, and none reads beyond its end. */
	for (size_t size = 0; size < out.size; size++) {
		uint8_t *part = malloc(size + 1);

		memcpy(part, out.at, size);
		w = wire_over(part, size);
		response_fetch(&w, &r);
		cr_assert_not_null(w.fault, "%zu bytes", size);
		free(part);
	}
	kmeta_buffer_release(&out);
	kmeta_buffer_release(&tag);
}

Test(responses, fetch_without_a_partition_is_no_answer)
{
	struct kmeta_buffer out = { 0 };
	struct fetch_response r;
	struct wire w;

	put_fetch_head(&out, 0);
	packet_count(&out, 0);
	packet_no_tags(&out);
	w = over(&out);
	response_fetch(&w, &r);
	cr_assert_not_null(w.fault);
	kmeta_buffer_release(&out);
}

Test(responses, mechanisms_of_a_server)
{
	struct kmeta_buffer out = { 0 };
	struct handshake_response r;
	struct wire w;

	packet_int16(&out, 33);
	packet_int32(&out, 2);
	packet_plain_string(&out, "PLAIN");
	packet_plain_string(&out, "SCRAM-SHA-256");
	w = over(&out);
	response_handshake(&w, &r);
	cr_assert_null(w.fault);
	cr_assert_eq(r.error, 33);
	cr_assert_str_eq(r.mechanisms, "PLAIN, SCRAM-SHA-256");
	kmeta_buffer_release(&out);
}

/* ---- properties ---- */

static void expect_property(struct properties *p, const char *name, const char *value)
{
	struct property property;

	cr_assert(properties_next(p, &property));
	cr_assert_str_eq(property.name, name);
	cr_assert_str_eq(property.value, value);
}

Test(properties, as_java_reads_them)
{
	char text[] = "# comment\n"
		      "  ! another\n"
		      "\n"
		      "plain=value\n"
		      "colon : spaced value \r\n"
		      "blank   rest of it\n"
		      "long = one \\\n"
		      "       two\\\r\n"
		      "\tthree\n"
		      "esc\\=aped\\:name=a\\tb\\\\c\\u0041\\u00e9\\u20ac\n"
		      "empty=\n"
		      "alone\n"
		      "last=end";
	struct properties p = properties_over(text, sizeof(text) - 1);
	struct property property;

	expect_property(&p, "plain", "value");
	expect_property(&p, "colon", "spaced value ");
	expect_property(&p, "blank", "rest of it");
	expect_property(&p, "long", "one twothree");
	expect_property(&p, "esc=aped:name", "a\tb\\cA\xc3\xa9\xe2\x82\xac");
	expect_property(&p, "empty", "");
	expect_property(&p, "alone", "");
	expect_property(&p, "last", "end");
	cr_assert_not(properties_next(&p, &property));
}

Test(properties, a_backslash_at_the_very_end)
{
	char text[] = "a=b\\";
	struct properties p = properties_over(text, sizeof(text) - 1);
	struct property property;

	expect_property(&p, "a", "b");
	cr_assert_not(properties_next(&p, &property));
}

/* ---- JAAS ---- */

Test(jaas, options_of_a_module)
{
	char text[] = " org.example.Module required\n user=\"a b\" p='c\\'d'\tbare=x ;";
	struct jaas j;
	char *name, *value;

	cr_assert(jaas_begin(&j, text));
	cr_assert(jaas_next(&j, &name, &value));
	cr_assert_str_eq(name, "user");
	cr_assert_str_eq(value, "a b");
	cr_assert(jaas_next(&j, &name, &value));
	cr_assert_str_eq(name, "p");
	cr_assert_str_eq(value, "c'd");
	cr_assert(jaas_next(&j, &name, &value));
	cr_assert_str_eq(name, "bare");
	cr_assert_str_eq(value, "x");
	cr_assert_not(jaas_next(&j, &name, &value));
}

Test(jaas, what_is_none)
{
	static const char *const wrong[] = { "", "Module", "Module maybe x=y;", "\"", ";" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char text[64];
		struct jaas j;

		strcpy(text, wrong[i]);
		cr_assert_not(jaas_begin(&j, text), "%s", wrong[i]);
	}
}

Test(jaas, ends_anywhere)
{
	static const char all[] = "M required a=\"b\\\"c\" d='e' f = g;";

	for (size_t size = 0; size < sizeof(all); size++) {
		char *text = strndup(all, size), *name, *value;
		struct jaas j;

		if (jaas_begin(&j, text))
			while (jaas_next(&j, &name, &value))
				;
		free(text);
	}
}

/* ---- settings ---- */

static enum kmeta_status settings_of(struct client_settings *s, const char *text,
                                     struct kmeta_finding *why)
{
	char *copy = strdup(text);
	const enum kmeta_status status =
		settings_read(s, copy, strlen(copy), "FILE", NULL, NULL, why);

	free(copy);
	return status;
}

Test(settings, a_login_with_a_password_from_the_environment)
{
	struct client_settings s;
	struct kmeta_finding why;

	setenv("KMETA_TEST", "from outside", 1);
	cr_assert_eq(settings_of(&s,
	                         "security.protocol=sasl_ssl\n"
	                         "sasl.mechanism=SCRAM-SHA-512\n"
	                         "sasl.jaas.config=M required username=\"u\" "
	                         "password=\"<${env:KMETA_TEST}>\";\n"
	                         "ssl.endpoint.identification.algorithm=\n",
	                         &why),
	             KMETA_OK);
	cr_assert(s.uses_tls && s.uses_login && s.any_name);
	cr_assert_str_eq(s.username, "u");
	cr_assert_str_eq(s.password, "<from outside>");
	settings_clear(&s);
	cr_assert_null(s.password);
}

Test(settings, kerberos)
{
	struct client_settings s;
	struct kmeta_finding why;

	cr_assert_eq(settings_of(&s,
	                         "security.protocol=SASL_PLAINTEXT\n"
	                         "sasl.kerberos.service.name=kafka-of-them\n"
	                         "sasl.jaas.config=M required useKeyTab=true storeKey=true "
	                         "keyTab=\"/etc/backup.keytab\" principal=\"backup@EXAMPLE.COM\";",
	                         &why),
	             KMETA_OK);
	cr_assert_str_eq(s.mechanism, "GSSAPI");
	cr_assert_str_eq(s.service, "kafka-of-them");
	cr_assert_str_eq(s.use_keytab, "true");
	cr_assert_str_eq(s.keytab, "/etc/backup.keytab");
	cr_assert_str_eq(s.principal, "backup@EXAMPLE.COM");
	settings_clear(&s);
	cr_assert_null(s.keytab);
	cr_assert_eq(settings_of(&s,
	                         "security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI\n"
	                         "sasl.jaas.config=M required useTicketCache=true "
	                         "ticketCache='/tmp/tickets' serviceName=k;",
	                         &why),
	             KMETA_OK);
	cr_assert_str_eq(s.ticket_cache, "/tmp/tickets");
	cr_assert_str_eq(s.service, "k");
	settings_clear(&s);
}

Test(settings, mistakes)
{
	static const char *const wrong[] = {
		"security.protocol=TLS",
		"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=DIGEST-MD5",
		"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN",
		"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=GSSAPI\nsasl.jaas.config=M",
		"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n"
		"sasl.jaas.config=M required username=\"u\";",
		"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
		"sasl.oauthbearer.token.endpoint.url=https://example.com",
		"ssl.key.password=${file:/x:y}",
		"ssl.key.password=${env:KMETA_THAT_IS_NOT_THERE}",
		"ssl.key.password=${env:",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct client_settings s;
		struct kmeta_finding why;

		cr_assert_eq(settings_of(&s, wrong[i], &why), KMETA_FAILED, "%s", wrong[i]);
		cr_assert_eq(why.code, KMETA_BAD_ARGUMENT);
		cr_assert_str_eq(why.file, "FILE");
		settings_clear(&s);
	}
}

/* ---- SCRAM ---- */

#ifdef KMETA_WITH_TLS

static void expect_scram(const char *mechanism, const char *server_first, const char *client_final,
                         const char *server_final)
{
	struct scram s = { .mechanism = mechanism, .username = "user", .password = "pencil" };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	cr_assert_eq(scram_begin(&s, &why), KMETA_OK);
	cr_assert_eq(strlen(s.nonce), SCRAM_NONCE);
	strcpy(s.nonce, "rOprNGfwEbeRWgbNEkqO");
	scram_put_first(&s, &out);
	cr_assert_eq(out.size, strlen("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
	cr_assert_eq(memcmp(out.at, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", out.size), 0);
	out.size = 0;
	cr_assert_eq(scram_answer(&s, BYTES(server_first), &out, &why), KMETA_OK);
	cr_assert_eq(out.size, strlen(client_final));
	cr_assert_eq(memcmp(out.at, client_final, out.size), 0);
	cr_assert_eq(scram_check(&s, BYTES(server_final), &why), KMETA_OK);
	cr_assert_eq(scram_check(&s, BYTES("v=AAAA"), &why), KMETA_FAILED);
	cr_assert_eq(scram_check(&s, BYTES("e=other-error"), &why), KMETA_FAILED);
	cr_assert_eq(scram_check(&s, BYTES(""), &why), KMETA_FAILED);
	scram_clear(&s);
	kmeta_buffer_release(&out);
}

/* RFC 7677, section 3. */
Test(scram, sha_256_as_in_the_rfc)
{
	expect_scram(
		"SCRAM-SHA-256",
		"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
		"i=4096",
		"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
		"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

static enum kmeta_status answer_to(const char *challenge)
{
	struct scram s = { .mechanism = "SCRAM-SHA-256", .username = "u", .password = "p" };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status = scram_begin(&s, &why);

	strcpy(s.nonce, "abc");
	scram_put_first(&s, &out);
	if (status == KMETA_OK)
		status = scram_answer(&s, BYTES(challenge), &out, &why);
	scram_clear(&s);
	kmeta_buffer_release(&out);
	return status;
}

Test(scram, challenges_that_make_no_sense)
{
	static const char *const wrong[] = {
		"",
		"r",
		"r=",
		"r=abc",
		"r=abcd",
		"r=abcd,s=AAAA",
		"r=abcd,s=,i=4096",
		"r=abcd,s=???,i=4096",
		"r=abcd,s=AAA,i=4096",
		"r=abcd,s=AAAA,i=",
		"r=abcd,s=AAAA,i=4095",
		"r=abcd,s=AAAA,i=1000001",
		"r=abcd,s=AAAA,i=99999999999999999999",
		"r=abcd,s=AAAA,i=-4096",
		"r=abc,s=AAAA,i=4096",
		"r=xbcd,s=AAAA,i=4096",
		"s=AAAA,r=abcd,i=4096",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_assert_eq(answer_to(wrong[i]), KMETA_FAILED, "%s", wrong[i]);
	cr_assert_eq(answer_to("r=abcd,s=AAAA,i=4096"), KMETA_OK);
}

#endif

/* ---- endpoints ---- */

Test(endpoints, addresses)
{
	static const char *const wrong[] = { "",        "host", "host:",    ":1",   "host:0",
		                             "h:65536", "h:1,", ",h:1",     "h:1 ", "a b:1",
		                             "::1:9",   "[]:1", "h:123456", "h:-1", "h:1x" };
	struct endpoints e;
	struct kmeta_finding why;

	cr_assert_eq(endpoints_parse(&e, "a:1,[::1]:65535,c.example:9093", &why), KMETA_OK);
	cr_assert_eq(e.count, 3);
	cr_assert_str_eq(e.at[1].host, "::1");
	cr_assert_str_eq(e.at[1].text, "[::1]:65535");
	cr_assert_eq(e.at[2].port, 9093);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_assert_eq(endpoints_parse(&e, wrong[i], &why), KMETA_FAILED, "%s", wrong[i]);
}

Test(endpoints, what_servers_tell)
{
	struct endpoints e;
	struct kmeta_finding why;
	struct server_nodes nodes = { .at = { { 1, BYTES("a"), 1 },
		                              { 2, BYTES("b\n"), 2 },
		                              { 3, BYTES("c"), 70000 },
		                              { 4, BYTES("d"), 4 } },
		                      .count = 4 };

	cr_assert_eq(endpoints_parse(&e, "a:1", &why), KMETA_OK);
	endpoints_learn(&e, &nodes);
	cr_assert_eq(e.count, 2);
	cr_assert_eq(e.at[0].node, 1);
	cr_assert_str_eq(e.at[1].text, "d:4");
	cr_assert_eq(endpoints_next(&e, 4), &e.at[1]);
	cr_assert_eq(endpoints_next(&e, -1), &e.at[0]);
	e.at[0].tried = e.at[1].tried = true;
	cr_assert_null(endpoints_next(&e, 4));
	/* A server that tells too many does no harm. */
	for (int i = 0; i < 1000; i++) {
		char host[16];

		snprintf(host, sizeof(host), "h%d", i);
		nodes.at[0] = (struct server_node){ i, BYTES(host), 9 };
		endpoints_learn(&e, &nodes);
	}
	cr_assert_eq(e.count, ENDPOINTS);
}
