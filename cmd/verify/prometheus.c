/* SPDX-License-Identifier: Apache-2.0 */
/* prometheus.c: what kmeta-verify found as metrics, for the text file collector of node_exporter. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "verify.h"

/* What was found in one log. */
struct metered {
	const char *address;
	char *path;
	struct kmeta_point point;
	struct kmeta_verify_totals totals;
	size_t codes[KMETA_CODE_COUNT];
	bool is_unreadable;
	int64_t milliseconds; /* that it took */
	int64_t checkpoint_end, checkpoint_time;
	struct verify *verify;
};

/* All of them, and those of several nodes against each other. */
struct meter {
	struct verify *verify;
	struct metered *logs;
	size_t count;
};

/* ---- what is known of a log ---- */

static int64_t metered_status(const struct metered *m)
{
	if (m->is_unreadable || m->totals.unreadable)
		return EXIT_TROUBLE;
	return verify_is_failed(m->verify, &m->totals) ? EXIT_DIFFERENT : EXIT_CLEAN;
}

/* Gives a sample of a metric; "labelled" is the number of its label's word. False: it is not known. */
typedef bool metered_value(const struct metered *m, size_t labelled, double *value);

static bool give_known(int64_t number, double *value)
{
	*value = (double)number;
	return number >= 0;
}

static bool give_status(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_known(metered_status(m), value);
}

static bool give_findings(const struct metered *m, size_t severity, double *value)
{
	const int64_t counts[] = { [KMETA_NOTE] = m->totals.notes,
		                   [KMETA_WARNING] = m->totals.warnings,
		                   [KMETA_ERROR] = m->totals.errors };

	return give_known(counts[severity], value);
}

static bool give_code(const struct metered *m, size_t code, double *value)
{
	*value = (double)m->codes[code];
	return m->codes[code] > 0;
}

static bool give_lost(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_known(m->totals.lost_bytes, value);
}

static bool give_now(const struct metered *m, size_t labelled, double *value)
{
	(void)m, (void)labelled;
	*value = (double)common_now() / 1000;
	return true;
}

static bool give_duration(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	*value = (double)m->milliseconds / 1000;
	return true;
}

static bool give_bytes(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	*value = (double)m->totals.bytes;
	return m->totals.files > 0;
}

static bool give_end_offset(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	*value = (double)m->totals.last_offset + 1;
	return m->totals.last_offset >= 0;
}

static bool give_epoch(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_known(m->totals.last_epoch, value);
}

static bool give_seconds(int64_t milliseconds, double *value)
{
	*value = (double)milliseconds / 1000;
	return milliseconds >= 0;
}

static bool give_last_time(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_seconds(m->totals.last_time, value);
}

static bool give_checkpoint_end(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_known(m->checkpoint_end, value);
}

static bool give_checkpoint_time(const struct metered *m, size_t labelled, double *value)
{
	(void)labelled;
	return give_seconds(m->checkpoint_time, value);
}

static const char *severity_label(size_t number)
{
	return number <= KMETA_ERROR ? verify_severities[number].word : NULL;
}

static const char *code_label(size_t number)
{
	return number < KMETA_CODE_COUNT ? kmeta_code_name((enum kmeta_code)number) : NULL;
}

static const struct metric {
	const char *name, *help;
	metered_value *value;
	const char *label;             /* beside "log"; NULL: none */
	const char *(*word)(size_t n); /* what the label may be; NULL behind the last */
} metrics[] = {
	{ "kmeta_verify_status",
	  "0: clean, 1: findings, 2: it could not be checked, or not all of it.", give_status, NULL,
	  NULL },
	{ "kmeta_verify_findings", "Findings by severity.", give_findings, "severity",
	  severity_label },
	{ "kmeta_verify_findings_by_code", "Findings by code, where there are any.", give_code,
	  "code", code_label },
	{ "kmeta_verify_lost_bytes", "Bytes that belong to no sound batch.", give_lost, NULL,
	  NULL },
	{ "kmeta_verify_timestamp_seconds", "When the check ended.", give_now, NULL, NULL },
	{ "kmeta_verify_duration_seconds", "How long the check took.", give_duration, NULL, NULL },
	{ "kmeta_log_bytes", "Bytes of the segments and checkpoints that were read.", give_bytes,
	  NULL, NULL },
	{ "kmeta_log_end_offset", "The offset behind the last record in the segments.",
	  give_end_offset, NULL, NULL },
	{ "kmeta_log_epoch", "The leader epoch of the last batch.", give_epoch, NULL, NULL },
	{ "kmeta_log_last_timestamp_seconds", "The latest time of a batch.", give_last_time, NULL,
	  NULL },
	{ "kmeta_checkpoint_end_offset", "The end offset of the newest checkpoint, by its name.",
	  give_checkpoint_end, NULL, NULL },
	{ "kmeta_checkpoint_timestamp_seconds",
	  "The time of the last record in the newest checkpoint, by its header.",
	  give_checkpoint_time, NULL, NULL },
};

/* ---- printing ---- */

/* As the text format wants values of labels: UTF-8 with three characters escaped. */
static void metric_put_label(struct kmeta_buffer *out, const char *text)
{
	struct kmeta_bytes left = { (const uint8_t *)text, strlen(text) };

	while (left.size) {
		const struct kmeta_bytes before = left;
		const wchar_t character = columns_next_character(&left);

		if (character == L'\n')
			kmeta_buffer_add(out, "\\n", 2);
		else if (character == L'\xfffd')
			kmeta_buffer_add(out, "\xef\xbf\xbd", 3);
		else {
			if (character == L'"' || character == L'\\')
				kmeta_buffer_add(out, "\\", 1);
			kmeta_buffer_add(out, before.data, before.size - left.size);
		}
	}
}

static void put_sample(struct kmeta_buffer *out, const struct metric *metric,
                       const struct metered *m, size_t labelled)
{
	double value;

	if (!metric->value(m, labelled, &value))
		return;
	kmeta_buffer_format(out, "%s{log=\"", metric->name);
	metric_put_label(out, m->address);
	if (metric->label)
		kmeta_buffer_format(out, "\",%s=\"%s", metric->label, metric->word(labelled));
	kmeta_buffer_format(out, "\"} %.15g\n", value);
}

static void put_metric(struct kmeta_buffer *out, const struct metric *metric,
                       const struct meter *meter)
{
	kmeta_buffer_format(out, "# HELP %s %s\n# TYPE %s gauge\n", metric->name, metric->help,
	                    metric->name);
	for (size_t i = 0; i < meter->count; i++) {
		if (!metric->word)
			put_sample(out, metric, &meter->logs[i], 0);
		for (size_t n = 0; metric->word && metric->word(n); n++)
			put_sample(out, metric, &meter->logs[i], n);
	}
}

/* ---- verifying ---- */

static bool count_finding(void *context, const struct kmeta_finding *finding)
{
	struct metered *m = context;

	m->codes[finding->code]++;
	return true;
}

/* The time in a checkpoint's header; -1: it has none that can be read. */
static int64_t checkpoint_time(const char *file)
{
	const struct kmeta_source_options options = { .size = sizeof(options), .regular = true };
	struct kmeta_source *source = NULL;
	struct kmeta_fields fields = { 0 };
	struct kmeta_cursor cursor = { 0 };
	const struct kmeta_field *field = NULL;
	struct kmeta_dialect dialect;
	struct kmeta_record record;
	struct kmeta_batch batch;
	struct kmeta_finding ignored; /* the check itself reports what is wrong with it */
	int64_t time = -1;

	if (kmeta_dialect_init(&dialect, NULL) &&
	    kmeta_source_open(&source, file, &options, &ignored) == KMETA_OK &&
	    kmeta_source_next(source, &batch, &ignored) == KMETA_OK &&
	    kmeta_batch_next(&batch, &cursor, &record, &ignored) == KMETA_OK &&
	    kmeta_decode(&dialect, &record, &fields, &ignored) == KMETA_OK)
		field = kmeta_fields_find(&fields, "lastContainedLogTimestamp");
	if (field)
		time = field->value.integer;
	kmeta_fields_release(&fields);
	kmeta_source_close(source);
	return time;
}

static void look_at_checkpoint(struct metered *m)
{
	const int64_t limit = m->point.kind == KMETA_POINT_OFFSET ? m->point.value : INT64_MAX;
	struct kmeta_finding ignored; /* the check itself reports what cannot be read */
	char *file = NULL;

	if (kmeta_newest_checkpoint(m->path, limit, &file, &m->checkpoint_end, &ignored) !=
	    KMETA_OK)
		m->checkpoint_end = -1;
	else
		m->checkpoint_time = checkpoint_time(file);
	free(file);
}

/* All checks but that of nodes against each other. */
static void verify_one(struct metered *m)
{
	struct verify *v = m->verify;
	struct kmeta_verify_options options = v->library;
	const char *const paths[] = { m->path };
	const int64_t began = common_steady();
	struct kmeta_finding why;

	options.checks &= ~(unsigned)KMETA_CHECK_NODES;
	options.points = &m->point;
	if (options.checks &&
	    kmeta_verify(paths, 1, &options, count_finding, m, &m->totals, &why) != KMETA_OK) {
		m->is_unreadable = true;
		common_report(&v->common, &why);
	}
	look_at_checkpoint(m);
	m->milliseconds = common_steady() - began;
}

/* The log that a finding between nodes is about: the one whose path its file begins with. */
static struct metered *log_of(const struct meter *meter, const struct kmeta_finding *finding)
{
	struct metered *found = &meter->logs[0];
	size_t longest = 0;

	for (size_t i = 0; finding->file && i < meter->count; i++) {
		const size_t size = strlen(meter->logs[i].path);

		if (size < longest || strncmp(finding->file, meter->logs[i].path, size) != 0)
			continue;
		found = &meter->logs[i];
		longest = size;
	}
	return found;
}

static bool count_between(void *context, const struct kmeta_finding *finding)
{
	struct metered *m = log_of(context, finding);
	const enum kmeta_severity severity = kmeta_code_severity(finding->code);

	/* What cannot be read was counted when the log was looked at by itself. */
	if (finding->code == KMETA_CANNOT_READ || finding->code == KMETA_NOT_A_LOG)
		return true;
	m->codes[finding->code]++;
	m->totals.errors += severity == KMETA_ERROR;
	m->totals.warnings += severity == KMETA_WARNING;
	m->totals.notes += severity == KMETA_NOTE;
	return true;
}

static void verify_between(struct meter *meter)
{
	struct kmeta_verify_options options = meter->verify->library;
	struct kmeta_point *points = calloc(meter->count, sizeof(*points));
	const char **paths = calloc(meter->count, sizeof(*paths));
	struct kmeta_verify_totals ignored_totals = { 0 };
	struct kmeta_finding ignored; /* each log was looked at by itself */

	options.checks &= KMETA_CHECK_NODES;
	options.points = points;
	for (size_t i = 0; points && paths && i < meter->count; i++) {
		paths[i] = meter->logs[i].path;
		points[i] = meter->logs[i].point;
	}
	if (!points || !paths)
		meter->verify->common.out.buffer.failed = true;
	else if (meter->count > 1 && options.checks &&
	         kmeta_verify(paths, meter->count, &options, count_between, meter, &ignored_totals,
	                      &ignored) != KMETA_OK)
		meter->verify->common.trouble = true;
	free(points);
	free(paths);
}

/* ---- all addresses ---- */

static bool is_repeated(const struct common *c, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (!strcmp(c->operands[i], c->operands[number]))
			return true;
	return false;
}

/* An address that cannot be understood has a status too, so that an alarm sees it. */
static void take_log(struct meter *meter, const char *address)
{
	struct metered *m = &meter->logs[meter->count];
	struct kmeta_finding why;

	*m = (struct metered){ .address = address,
		               .verify = meter->verify,
		               .totals = { .last_offset = -1, .last_epoch = -1, .last_time = -1 },
		               .checkpoint_end = -1,
		               .checkpoint_time = -1 };
	if (common_address(&meter->verify->common, address, &m->path, &m->point, &why) ==
	    KMETA_OK) {
		meter->count++;
		verify_one(m);
		return;
	}
	common_report(&meter->verify->common, &why);
	m->path = strdup(address);
	m->is_unreadable = true;
	meter->count += m->path != NULL;
}

void verify_prometheus(struct verify *v)
{
	struct common *c = &v->common;
	struct meter meter = { .verify = v,
		               .logs = calloc(c->operands_count, sizeof(*meter.logs)) };

	if (!meter.logs)
		common_usage(c, "out of memory");
	for (size_t i = 0; i < c->operands_count; i++)
		if (!is_repeated(c, i))
			take_log(&meter, c->operands[i]);
	verify_between(&meter);
	progress_hide(&c->progress);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		put_metric(&c->out.buffer, &metrics[i], &meter);
	output_flush(&c->out);
	for (size_t i = 0; i < meter.count; i++) {
		const int64_t status = metered_status(&meter.logs[i]);

		c->trouble |= status == EXIT_TROUBLE;
		c->different |= status == EXIT_DIFFERENT;
		free(meter.logs[i].path);
	}
	free(meter.logs);
}
