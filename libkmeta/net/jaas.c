/* SPDX-License-Identifier: Apache-2.0 */
/* jaas.c: the options of a login module. Words and quotes are those of Java's StreamTokenizer. */
#include "net/jaas.h"

#include <string.h>

static const char jaas_blanks[] = " \t\r\n";

/* The next word or quoted text, ended by a NUL; "after" is the character that stood there. */
static char *take_jaas_word(struct jaas *j, char *after)
{
	char *start, *to;

	j->at += strspn(j->at, jaas_blanks);
	if (*j->at == '"' || *j->at == '\'') {
		const char quote = *j->at++;

		start = to = j->at;
		while (*j->at && *j->at != quote) {
			if (*j->at == '\\' && j->at[1])
				j->at++;
			*to++ = *j->at++;
		}
		j->at += *j->at == quote;
		*after = *j->at;
		/* The quote leaves room for the NUL. */
		*to = '\0';
		return start;
	}
	start = j->at;
	j->at += strcspn(j->at, " \t\r\n=;\"'");
	*after = *j->at;
	if (j->at == start || *after == '"' || *after == '\'')
		return NULL;
	if (*after) {
		*j->at++ = '\0';
		while (strchr(jaas_blanks, *after) && *j->at && strchr(" \t\r\n=;", *j->at))
			*after = *j->at++;
	}
	return start;
}

bool jaas_begin(struct jaas *j, char *text)
{
	static const char *const flags[] = { "required", "requisite", "sufficient", "optional" };
	const char *flag;
	char after;

	j->at = text;
	if (!take_jaas_word(j, &after))
		return false;
	flag = take_jaas_word(j, &after);
	for (size_t i = 0; flag && i < sizeof(flags) / sizeof(flags[0]); i++)
		if (!strcmp(flag, flags[i])) {
			if (after == ';')
				j->at = strchr(j->at, '\0');
			return true;
		}
	return false;
}

bool jaas_next(struct jaas *j, char **name, char **value)
{
	char after;

	j->at += strspn(j->at, jaas_blanks);
	if (!*j->at || *j->at == ';')
		return false;
	*name = take_jaas_word(j, &after);
	if (!*name || after != '=')
		return false;
	*value = take_jaas_word(j, &after);
	if (*value && after == ';')
		j->at = strchr(j->at, '\0');
	return *value != NULL;
}
