/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c: says of a finding what it means, what Kafka does about it, and what to do now. */
#include <stdio.h>
#include <string.h>

#include "../common/near.h"
#include "verify.h"

enum { WIDTH = 80, INDENT = 2 };

struct option_word verify_codes(size_t number)
{
	struct option_word word = { .about = number + 1 < KMETA_CODE_COUNT
		                                     ? kmeta_code_meaning(
							       (enum kmeta_code)(number + 1))
		                                     : NULL };

	if (number + 1 < KMETA_CODE_COUNT)
		snprintf(word.word, sizeof(word.word), "%s",
		         kmeta_code_name((enum kmeta_code)(number + 1)));
	return word;
}

static _Noreturn void refuse_code(const struct common *c, const struct command_option *option,
                                  const char *name)
{
	struct kmeta_buffer nearest = { 0 };
	struct near near;

	near_begin(&near, name, strlen(name));
	for (enum kmeta_code code = KMETA_SOUND + 1; code < KMETA_CODE_COUNT; code++)
		near_add(&near, kmeta_code_name(code), strlen(kmeta_code_name(code)));
	near_put(&near, &nearest);
	kmeta_buffer_add(&nearest, "", 1);
	common_usage(c, "--%s: '%s' is no finding, see --explain=all%s", option->name, name,
	             nearest.failed ? "" : nearest.at);
}

void verify_take_code(struct common *c, const struct command_option *option, const char *name)
{
	struct verify *v = (struct verify *)c;

	v->explains = true;
	v->explain = KMETA_SOUND;
	if (!strcmp(name, "all"))
		return;
	for (enum kmeta_code code = KMETA_SOUND + 1; code < KMETA_CODE_COUNT; code++)
		if (!strcmp(kmeta_code_name(code), name))
			v->explain = code;
	if (v->explain == KMETA_SOUND)
		refuse_code(c, option, name);
}

/* One paragraph, its lines broken between words. */
static void put_paragraph(struct kmeta_buffer *out, const char *text)
{
	size_t column = 0;

	while (*text) {
		const size_t size = strcspn(text, " ");

		if (column && column + 1 + size > WIDTH) {
			kmeta_buffer_format(out, "\n");
			column = 0;
		}
		kmeta_buffer_format(out, "%*s%.*s", column ? 1 : INDENT, "", (int)size, text);
		column += (column ? 1 : INDENT) + size;
		text += size + (text[size] == ' ');
	}
	kmeta_buffer_format(out, "\n");
}

static void explain_code(struct verify *v, enum kmeta_code code)
{
	struct kmeta_buffer *out = &v->common.out.buffer;

	verify_put_color(v, "\x1b[1m");
	kmeta_buffer_format(out, "%s", kmeta_code_name(code));
	verify_put_color(v, "\x1b[0m");
	kmeta_buffer_format(out, " (%s): %s\n", verify_severities[kmeta_code_severity(code)].word,
	                    kmeta_code_meaning(code));
	put_paragraph(out, kmeta_code_cause(code));
	kmeta_buffer_format(out, "What to do now:\n");
	put_paragraph(out, kmeta_code_advice(code));
}

void verify_explain(struct verify *v)
{
	for (enum kmeta_code code = KMETA_SOUND + 1; code < KMETA_CODE_COUNT; code++) {
		if (v->explain != KMETA_SOUND && v->explain != code)
			continue;
		if (v->explain == KMETA_SOUND && code > KMETA_SOUND + 1)
			verify_put(v, "\n");
		explain_code(v, code);
	}
}
