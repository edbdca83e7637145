/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h: a new file or directory that is there as a whole or not at all. It is made beside its
 * place, in a directory of its own, and renamed when it is complete and on the disk. A failure or a
 * signal removes what was made until then.
 */
#ifndef COMMON_PLACE_H
#define COMMON_PLACE_H

#include <sys/types.h>

#include <kmeta.h>

struct common;

/* The mode of files that --mode=640 means; NULL: 600. A mistake ends the process. */
mode_t place_parse_mode(const struct common *c, const char *text);

/*
 * Sees that the names in a directory are on the disk. Returns 0, or the errno. Some file systems cannot
 * sync directories, and need not.
 */
int place_sync_directory(const char *path);

/* Something that was made, to be removed again. */
struct place_made {
	char *path;
	bool is_directory;
};

/* Set "path" and "mode", open it, and close it once. */
struct place {
	const char *path; /* where it will be, as the user names it */
	mode_t mode;
	char *target; /* the same without slashes at its end */
	char *parent; /* the directory that it will be in */
	char *work;   /* the directory that it is made in */
	struct place_made *made;
	size_t count, capacity;
	bool finished;      /* nothing is to be removed */
	struct place *next; /* another one at work */
};

/* Tells whether the place is free and could be made. Touches nothing. */
enum kmeta_status place_check(struct place *p, struct kmeta_finding *why);

/* Makes the directory to work in, and sees to its removal if a signal ends the process. */
enum kmeta_status place_open(struct place *p, struct kmeta_finding *why);

/* Where something inside will be while the work goes on. The caller frees it. NULL: no memory. */
char *place_inside(const struct place *p, const char *name);

enum kmeta_status place_make_directory(struct place *p, const char *name,
                                       struct kmeta_finding *why);

/* An open file inside. */
struct place_file {
	struct place *place;
	int fd;
	int error; /* errno of what could not be written; 0: all was */
};

enum kmeta_status place_make_file(struct place *p, struct place_file *file, const char *name,
                                  struct kmeta_finding *why);

/* False: it could not be written. What follows is not written either. */
bool place_write(struct place_file *file, const void *data, size_t size);

/* Writes what the disk has not got yet, and closes the file. FAILED too if a write failed before. */
enum kmeta_status place_close_file(struct place_file *file, struct kmeta_finding *why);

/* Removes a file inside that was closed: it was made in vain. */
void place_drop_file(struct place *p, const char *name);

/*
 * Gives what was made its name: all of it, or the file "member" inside alone. FAILED: something has
 * the name by now, or the disk objects.
 */
enum kmeta_status place_finish(struct place *p, const char *member, struct kmeta_finding *why);

/* Removes what was made unless it was finished, and frees all. A place that was never opened is
 * fine. */
void place_close(struct place *p);

#endif
