/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: a new file or directory that is there as a whole or not at all. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command.h"

/* ---- faults ---- */

static enum kmeta_status place_fault(const struct place *p, struct kmeta_finding *why, int error,
                                     const char *doing)
{
	if (error == ENOMEM)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	common_fault(why, KMETA_CANNOT_WRITE, p->path, "%s: %s", doing, strerror(error));
	why->system_error = error;
	return KMETA_FAILED;
}

mode_t place_parse_mode(const struct common *c, const char *text)
{
	enum { OWN = 0600, MOST = 0777 };
	char *end;
	const unsigned long mode = text ? strtoul(text, &end, 8) : OWN;

	if (text && (end == text || *end || mode > MOST || *text == '-'))
		common_usage(c, "--mode takes octal digits as 640, not '%s'", text);
	return (mode_t)mode | OWN;
}

/* ---- signals ---- */

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGXFSZ };
enum { ENDING_SIGNALS = sizeof(ending_signals) / sizeof(ending_signals[0]) };

/* A handler has no parameter for them. Changed while the signals above are blocked. */
static struct place *places_at_work;

static void remove_made(const struct place *p)
{
	for (size_t i = p->count; i-- > 0;) {
		if (p->made[i].is_directory)
			rmdir(p->made[i].path);
		else
			unlink(p->made[i].path);
	}
}

/* unlink(), rmdir() and raise() may be called in a handler. */
static void remove_and_die(int signal_number)
{
	for (const struct place *p = places_at_work; p; p = p->next)
		remove_made(p);
	raise(signal_number);
}

/* From then on a signal removes nothing of it. */
static void leave_work(const struct place *p)
{
	struct place **at = &places_at_work;

	while (*at && *at != p)
		at = &(*at)->next;
	if (*at)
		*at = p->next;
}

static void block_signals(sigset_t *before)
{
	sigset_t ending;

	sigemptyset(&ending);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		sigaddset(&ending, ending_signals[i]);
	pthread_sigmask(SIG_BLOCK, &ending, before);
}

static void restore_signals(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* A signal that is ignored, as under nohup, stays so. The handler runs once. */
static void catch_ending_signals(void)
{
	struct sigaction action = { .sa_handler = remove_and_die,
		                    .sa_flags = (int)SA_RESETHAND | SA_NODEFER },
			 old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ENDING_SIGNALS; i++)
		if (sigaction(ending_signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(ending_signals[i], &action, NULL);
}

/* ---- names ---- */

static char *place_join(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static bool split_path(struct place *p)
{
	size_t size = strlen(p->path);
	const char *slash;

	while (size > 1 && p->path[size - 1] == '/')
		size--;
	p->target = strndup(p->path, size);
	if (!p->target)
		return false;
	slash = strrchr(p->target, '/');
	if (!slash)
		p->parent = strdup(".");
	else
		p->parent = strndup(p->target, slash > p->target ? (size_t)(slash - p->target) : 1);
	return p->parent != NULL;
}

static const char *name_inside_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum kmeta_status place_check(struct place *p, struct kmeta_finding *why)
{
	struct stat st;

	if (!p->target && !split_path(p))
		return place_fault(p, why, ENOMEM, "");
	if (lstat(p->target, &st) == 0)
		return place_fault(p, why, EEXIST, "it is not touched");
	if (errno != ENOENT)
		return place_fault(p, why, errno, "cannot look there");
	if (stat(p->parent, &st) < 0)
		return place_fault(p, why, errno, "no directory to put it into");
	if (!S_ISDIR(st.st_mode))
		return place_fault(p, why, ENOTDIR, "no directory to put it into");
	if (access(p->parent, W_OK | X_OK) < 0)
		return place_fault(p, why, errno, "cannot write there");
	return KMETA_OK;
}

/* ---- making ---- */

/* Notes a path that is about to be made; owns it from then on. False: no memory, and it is freed. */
static bool note_made(struct place *p, char *path, bool is_directory)
{
	if (path && p->count == p->capacity) {
		const size_t capacity = p->capacity ? p->capacity * 2 : 16;
		struct place_made *made = realloc(p->made, capacity * sizeof(*made));

		if (made) {
			p->made = made;
			p->capacity = capacity;
		}
	}
	if (!path || p->count == p->capacity) {
		free(path);
		return false;
	}
	p->made[p->count++] = (struct place_made){ path, is_directory };
	return true;
}

/* Makes the directory to work in with a name of its own: its work is nobody else's. */
static int make_work(struct place *p)
{
	int error = 0;

	if (asprintf(&p->work, "%s/.%s.XXXXXX", p->parent, name_inside_parent(p->target)) < 0) {
		p->work = NULL;
		return ENOMEM;
	}
	if (!mkdtemp(p->work))
		error = errno;
	else if (!note_made(p, strdup(p->work), true)) {
		rmdir(p->work);
		error = ENOMEM;
	}
	return error;
}

enum kmeta_status place_open(struct place *p, struct kmeta_finding *why)
{
	sigset_t before;
	int error;

	if (place_check(p, why) != KMETA_OK)
		return KMETA_FAILED;
	block_signals(&before);
	error = make_work(p);
	if (!error) {
		p->next = places_at_work;
		places_at_work = p;
		catch_ending_signals();
	}
	restore_signals(&before);
	return error ? place_fault(p, why, error, "cannot write there") : KMETA_OK;
}

char *place_inside(const struct place *p, const char *name)
{
	return place_join(p->work, name);
}

/* Who may read files of a directory may enter it. */
static mode_t directory_mode(mode_t mode)
{
	return mode | (mode & 0444) >> 2 | 0700;
}

enum kmeta_status place_make_directory(struct place *p, const char *name, struct kmeta_finding *why)
{
	char *path = place_inside(p, name);
	sigset_t before;
	int error = 0;

	block_signals(&before);
	if (!note_made(p, path, true))
		error = ENOMEM;
	else if (mkdir(path, 0700) < 0 || chmod(path, directory_mode(p->mode)) < 0)
		error = errno;
	restore_signals(&before);
	return error ? place_fault(p, why, error, "cannot make a directory") : KMETA_OK;
}

enum kmeta_status place_make_file(struct place *p, struct place_file *file, const char *name,
                                  struct kmeta_finding *why)
{
	char *path = place_inside(p, name);
	sigset_t before;
	int error = 0;

	*file = (struct place_file){ .place = p, .fd = -1 };
	block_signals(&before);
	if (!note_made(p, path, false)) {
		error = ENOMEM;
	} else {
		file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (file->fd < 0 || fchmod(file->fd, p->mode) < 0)
			error = errno;
	}
	restore_signals(&before);
	return error ? place_fault(p, why, error, "cannot make a file") : KMETA_OK;
}

bool place_write(struct place_file *file, const void *data, size_t size)
{
	const char *at = data;

	while (size && !file->error) {
		const ssize_t n = write(file->fd, at, size);

		if (n >= 0) {
			at += n;
			size -= (size_t)n;
		} else if (errno != EINTR) {
			file->error = errno;
		}
	}
	return !file->error;
}

enum kmeta_status place_close_file(struct place_file *file, struct kmeta_finding *why)
{
	if (file->fd >= 0) {
		if (!file->error && fsync(file->fd) < 0)
			file->error = errno;
		if (close(file->fd) < 0 && !file->error)
			file->error = errno;
		file->fd = -1;
	}
	return file->error ? place_fault(file->place, why, file->error, "cannot write") : KMETA_OK;
}

void place_drop_file(struct place *p, const char *name)
{
	char *path = place_inside(p, name);
	sigset_t before;

	block_signals(&before);
	for (size_t i = p->count; path && i-- > 0;) {
		if (strcmp(p->made[i].path, path) != 0)
			continue;
		unlink(path);
		free(p->made[i].path);
		memmove(&p->made[i], &p->made[i + 1], (--p->count - i) * sizeof(*p->made));
		break;
	}
	restore_signals(&before);
	free(path);
}

/* ---- finishing ---- */

int place_sync_directory(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (fsync(fd) < 0 && errno != EINVAL && errno != EROFS)
		error = errno;
	close(fd);
	return error;
}

static int sync_directories(const struct place *p)
{
	int error = 0;

	for (size_t i = p->count; i-- > 0 && !error;)
		if (p->made[i].is_directory)
			error = place_sync_directory(p->made[i].path);
	return error;
}

/* Where the system cannot refuse by itself to replace what is there, look before. */
static int rename_to_new(const char *from, const char *to)
{
	struct stat st;

#ifdef SYS_renameat2
	enum { NOREPLACE = 1 };

	if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
#endif
	if (lstat(to, &st) == 0)
		return EEXIST;
	return rename(from, to) < 0 ? errno : 0;
}

enum kmeta_status place_finish(struct place *p, const char *member, struct kmeta_finding *why)
{
	char *from = member ? place_inside(p, member) : strdup(p->work);
	sigset_t before;
	int error;

	if (!from)
		return place_fault(p, why, ENOMEM, "");
	error = sync_directories(p);
	if (!error && !member && chmod(p->work, directory_mode(p->mode)) < 0)
		error = errno;
	block_signals(&before);
	if (!error)
		error = rename_to_new(from, p->target);
	p->finished = !error && !member;
	if (p->finished)
		leave_work(p);
	restore_signals(&before);
	free(from);
	if (!error)
		error = place_sync_directory(p->parent);
	return error ? place_fault(p, why, error, "cannot give it its name") : KMETA_OK;
}

void place_close(struct place *p)
{
	sigset_t before;

	block_signals(&before);
	if (!p->finished)
		remove_made(p);
	leave_work(p);
	restore_signals(&before);
	for (size_t i = 0; i < p->count; i++)
		free(p->made[i].path);
	free(p->made);
	free(p->work);
	free(p->parent);
	free(p->target);
	p->made = NULL;
	p->work = p->parent = p->target = NULL;
	p->count = p->capacity = 0;
}
