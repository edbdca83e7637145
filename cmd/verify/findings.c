/* SPDX-License-Identifier: Apache-2.0 */
/* findings.c: each finding of kmeta-verify, as text or JSON. */
#include <stdlib.h>
#include <string.h>

#include "verify.h"

void verify_put_color(struct verify *v, const char *code)
{
	if (v->common.flags & KMETA_SHOW_COLOR)
		kmeta_buffer_add(&v->common.out.buffer, code, strlen(code));
}

void verify_put(struct verify *v, const char *text)
{
	kmeta_buffer_add(&v->common.out.buffer, text, strlen(text));
}

/* Prints the name of a file once, above its findings. */
static void put_file(struct verify *v, const char *file)
{
	if (!file || (v->grouped && !strcmp(v->grouped, file)))
		return;
	free(v->grouped);
	v->grouped = strdup(file);
	verify_put_color(v, "\x1b[1m");
	kmeta_buffer_format(&v->common.out.buffer, "%s\n", file);
	verify_put_color(v, "\x1b[0m");
}

static void put_finding_text(struct verify *v, const struct kmeta_finding *finding)
{
	static const char *const colors[] = { "\x1b[2m", "\x1b[33m", "\x1b[31m" };
	const enum kmeta_severity severity = kmeta_code_severity(finding->code);
	struct kmeta_buffer *out = &v->common.out.buffer;

	put_file(v, finding->file);
	verify_put_color(v, colors[severity]);
	kmeta_buffer_format(out, "  %-7s  %-18s  ", verify_severities[severity].word,
	                    kmeta_code_name(finding->code));
	verify_put_color(v, "\x1b[0m");
	if (finding->position >= 0)
		kmeta_buffer_format(out, "byte %lld", (long long)finding->position);
	if (finding->offset >= 0)
		kmeta_buffer_format(out, "%s(offset %lld)", finding->position >= 0 ? " " : "",
		                    (long long)finding->offset);
	kmeta_buffer_format(out, "%s%s\n",
	                    finding->position >= 0 || finding->offset >= 0 ? ": " : "",
	                    finding->message);
}

bool verify_report(void *context, const struct kmeta_finding *finding)
{
	struct verify *v = context;
	const enum kmeta_severity severity = kmeta_code_severity(finding->code);

	progress_hide(&v->common.progress);
	v->told++;
	if (v->common.quiet && severity < v->fail_on)
		return true;
	if (v->format == VERIFY_JSON)
		kmeta_json_finding(&v->common.out.buffer, finding);
	else
		put_finding_text(v, finding);
	return output_drain(&v->common.out);
}
