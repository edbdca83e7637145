/* SPDX-License-Identifier: Apache-2.0 */
/* own_keys.h: keys that the user has given to actions, from a file. */
#ifndef BROWSE_TERM_OWN_KEYS_H
#define BROWSE_TERM_OWN_KEYS_H

#include <kmeta.h>

enum { OWN_KEYS = 128, OWN_NAME = 32 };

struct own_keys {
	struct own_key {
		int key;
		char name[OWN_NAME]; /* of the action */
	} at[OWN_KEYS];
	size_t count;
};

/*
 * Reads a file of lines "KEY ACTION", KEY as of --command; # begins a comment. "is_action" says which
 * names there are. FAILED: "why" says which line is wrong, and the keys before it are kept.
 */
enum kmeta_status own_keys_read(struct own_keys *keys, const char *path,
                                bool (*is_action)(const char *name), struct kmeta_finding *why);

/* Appends the path of the file that counts if none is named. False: there is no such place. */
bool own_keys_path(struct kmeta_buffer *path);

/* The name of the action that a key has. NULL: it has none of its own. */
const char *own_keys_find(const struct own_keys *keys, int key);

#endif
