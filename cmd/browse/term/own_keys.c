/* SPDX-License-Identifier: Apache-2.0 */
/* own_keys.c: reads the keys that the user has given to actions. */
#include "own_keys.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "user_files.h"

enum { LINE_LIMIT = 256, FILE_LIMIT = 4096 /* lines */ };

__attribute__((format(printf, 3, 4))) static enum kmeta_status wrong_file(struct kmeta_finding *why,
                                                                          const char *path,
                                                                          const char *format, ...)
{
	va_list arguments;

	*why = (struct kmeta_finding){
		.code = KMETA_BAD_ARGUMENT, .file = path, .position = -1, .size = -1, .offset = -1
	};
	va_start(arguments, format);
	vsnprintf(why->message, sizeof(why->message), format, arguments);
	va_end(arguments);
	return KMETA_FAILED;
}

static enum kmeta_status wrong_line(struct kmeta_finding *why, const char *path, int number,
                                    const char *what, const char *word)
{
	return wrong_file(why, path, "line %d: %s '%.60s'", number, what, word);
}

static enum kmeta_status take_key_line(struct own_keys *keys, char *line, int number,
                                       const char *path, bool (*is_action)(const char *name),
                                       struct kmeta_finding *why)
{
	static const char blanks[] = " \t\r\n";
	const char *at = line + strspn(line, blanks);
	struct own_key *own = &keys->at[keys->count];
	size_t size;

	if (!*at || *at == '#')
		return KMETA_OK;
	if (keys->count == OWN_KEYS)
		return wrong_line(why, path, number, "there are too many keys before", at);
	own->key = press_parse(&at);
	if (own->key == PRESS_NONE || !*at || !strchr(blanks, *at))
		return wrong_line(why, path, number, "no key is called as in", at);
	at += strspn(at, blanks);
	size = strcspn(at, blanks);
	line[(size_t)(at - line) + size] = '\0';
	if (size >= OWN_NAME || !is_action(at))
		return wrong_line(why, path, number,
		                  "at : in kmeta-browse, Tab lists the actions; none is called",
		                  at);
	memcpy(own->name, at, size + 1);
	keys->count++;
	return KMETA_OK;
}

enum kmeta_status own_keys_read(struct own_keys *keys, const char *path,
                                bool (*is_action)(const char *name), struct kmeta_finding *why)
{
	struct stat info;
	FILE *file = user_file_open(path, &info);
	char line[LINE_LIMIT];
	enum kmeta_status status = KMETA_OK;

	if (!file && info.st_mode && !S_ISREG(info.st_mode))
		return wrong_file(why, path, "this is no plain file");
	if (!file)
		return wrong_file(why, path, "%s", strerror(errno));
	for (int number = 1;
	     status == KMETA_OK && number <= FILE_LIMIT && fgets(line, sizeof(line), file) != NULL;
	     number++)
		status = take_key_line(keys, line, number, path, is_action, why);
	if (status == KMETA_OK && ferror(file))
		status = wrong_file(why, path, "%s", strerror(errno));
	fclose(file);
	return status;
}

bool own_keys_path(struct kmeta_buffer *path)
{
	return user_file_path(path, "XDG_CONFIG_HOME", ".config", "/browse");
}

const char *own_keys_find(const struct own_keys *keys, int key)
{
	/* The last line counts. */
	for (size_t i = keys->count; i-- > 0;)
		if (keys->at[i].key == key)
			return keys->at[i].name;
	return NULL;
}
