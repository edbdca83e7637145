/* SPDX-License-Identifier: Apache-2.0 */
/* verify.h: what was asked of kmeta-verify, and what it prints. */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "../common.h"

enum verify_format { VERIFY_TEXT, VERIFY_JSON, VERIFY_PROMETHEUS };

struct verify {
	struct common common;
	enum verify_format format;
	enum kmeta_severity fail_on;
	struct kmeta_verify_options library;
	bool explains;              /* explain a finding, or all, and check nothing */
	enum kmeta_code explain;    /* KMETA_SOUND: all of them */
	struct kmeta_buffer voters; /* of --static-voters, as int32_t */
	int64_t told;               /* findings, those that --quiet passes over included */
	char *grouped;              /* the file whose findings are being printed */
};

/* By enum kmeta_severity. */
extern const struct option_word verify_severities[];

void verify_put(struct verify *v, const char *text);
void verify_put_color(struct verify *v, const char *code);

/* A kmeta_report whose context is the struct verify. */
bool verify_report(void *context, const struct kmeta_finding *finding);

/* The names of findings, for completion. */
option_words verify_codes;
void verify_take_code(struct common *c, const struct command_option *option, const char *name);
void verify_explain(struct verify *v);

/* There were findings that --fail-on is about. */
bool verify_is_failed(const struct verify *v, const struct kmeta_verify_totals *t);

/* Verifies each address by itself, and then all against each other; prints metrics. */
void verify_prometheus(struct verify *v);

void verify_print_summary(struct verify *v, const struct kmeta_verify_totals *t);

#endif
