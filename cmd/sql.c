/* SPDX-License-Identifier: Apache-2.0 */
/* sql.c: kmeta-sql answers SQL over metadata logs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/absent.h"
#include "sql/command.h"

static const struct option_word sql_formats[] = {
	[SQL_TEXT] = { "text", "for people, in columns, the default" },
	[SQL_JSON] = { "json", "an object a row" },
	[SQL_CSV] = { "csv", "with the names of columns first" },
	{ "", NULL }
};

static const struct command_option sql_options[] = {
	{ .name = "salvage",
	  .group = GROUP_READING,
	  .help = "go on behind damage",
	  .manual = "Go on behind damage. Without it, a statement that meets damage fails; see "
	            "[DAMAGE].",
	  TO_FLAG(struct asked, salvage) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT FORMATS].",
	  TO_WORD(struct asked, format),
	  .words = sql_formats,
	  .value = "format" },
};

static const struct option_text sql_texts[] = {
	{ "show-secrets", NULL,
	  "Show credentials and the values of sensitive configurations, which otherwise are "
	  "\"[hidden]\". Nothing in a query can show them." },
	{ NULL, NULL, NULL }
};

static const struct command_operand sql_operands[] = {
	{ .title = "segment, checkpoint or directory", .many = true }, { .title = NULL }
};

/* A query has blanks or brackets in it, and no file is called so. */
static bool is_query(const char *operand)
{
	struct kmeta_finding ignored; /* what is no address may be a query */
	struct kmeta_point point;
	struct stat st;
	char *path = NULL;
	bool exists = stat(operand, &st) == 0;

	if (!exists &&
	    kmeta_address_parse(operand, common_now(), &path, &point, &ignored) == KMETA_OK)
		exists = stat(path, &st) == 0;
	free(path);
	return !exists && strpbrk(operand, " \t\r\n(;*");
}

static void sql_check(struct common *c)
{
	struct asked *a = (struct asked *)c;
	bool uses_stdin = false;

	a->addresses = c->operands;
	a->addresses_count = c->operands_count;
	if (is_query(c->operands[c->operands_count - 1]))
		a->query = c->operands[--a->addresses_count];
	if (!a->addresses_count)
		common_usage(c, "%s", c->command->missing);
	for (size_t i = 0; i < a->addresses_count; i++)
		uses_stdin |= !strcmp(a->addresses[i], "-") || !strncmp(a->addresses[i], "-@", 2);
	if (uses_stdin && !a->query)
		common_usage(c, "standard input is either the log or the query: give the query as "
		                "the last argument");
}

static enum kmeta_status read_query(struct asked *a, struct kmeta_finding *why)
{
	char piece[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return common_fault(why, KMETA_CANNOT_READ, "-", "%s", strerror(errno));
		kmeta_buffer_add(&a->typed, piece, (size_t)got);
	}
	kmeta_buffer_add(&a->typed, "", 1);
	if (a->typed.failed)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	a->query = a->typed.at;
	return KMETA_OK;
}

static enum kmeta_status run_query(struct asked *a, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;
	int64_t rows = 0, count;
	bool asks = false, any = false;

	for (const char *rest = a->query; status == KMETA_OK && *rest;) {
		sqlite3_stmt *statement = NULL;

		if (sqlite3_prepare_v2(a->db, rest, -1, &statement, &rest) != SQLITE_OK)
			return sql_database_fault(a, why);
		/* A comment is no statement. */
		if (!statement)
			continue;
		if (rows && a->format == SQL_TEXT && sqlite3_column_count(statement))
			kmeta_buffer_add(&a->common.out.buffer, "\n", 1);
		any = true;
		asks |= sqlite3_column_count(statement) > 0;
		status = sql_print_rows(a, statement, &count, why);
		rows += count;
		sqlite3_finalize(statement);
	}
	if (!any)
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL, "there is no query");
	if (status == KMETA_OK && asks && !rows && !a->common.out.closed)
		absent_nothing(&a->common, "no row is so");
	return status;
}

/*
 * Says what the points of the addresses mean, once and before the first row. A query that asks for
 * none of them would not notice that one is not there.
 */
static enum kmeta_status look_at_addresses(struct asked *a, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < a->addresses_count && status == KMETA_OK; i++) {
		struct kmeta_point point;
		char *path = NULL;

		status = common_address(&a->common, a->addresses[i], &path, &point, why);
		if (status == KMETA_OK && strcmp(path, "-") != 0 && access(path, R_OK) < 0)
			status = common_fault(why, KMETA_CANNOT_READ, a->addresses[i],
			                      "cannot open: %s", strerror(errno));
		free(path);
	}
	return status;
}

static enum kmeta_status sql_run(struct common *c, struct kmeta_finding *why)
{
	struct asked *a = (struct asked *)c;
	enum kmeta_status status = a->query ? KMETA_OK : read_query(a, why);

	if (status == KMETA_OK)
		status = look_at_addresses(a, why);
	if (status == KMETA_OK)
		status = sql_open_database(a, why);
	return status == KMETA_OK ? run_query(a, why) : status;
}

static const struct command sql_command = {
	.name = "kmeta-sql",
	.synopsis = "[options] ADDRESS... [QUERY]",
	.about = "Answers SQL over metadata logs: their records, the state that they make, its "
		 "history, and what is wrong with them. QUERY is SQL as SQLite takes it, and comes "
		 "from standard input if it is not given. The tables are records, topics, "
		 "partitions, brokers, controllers, voters, configs, acls, quotas, scram, tokens, "
		 "features, state, history and findings; with two addresses also changes.",
	.notes =
		"Exit status: 0 done; 1 there is no row; 2 the query is wrong, or something could not "
		"be read.",
	.options = sql_options,
	.options_count = sizeof(sql_options) / sizeof(sql_options[0]),
	.texts = sql_texts,
	.operands = sql_operands,
	.least = 1,
	.missing = "name a directory, a checkpoint or a segment, and what is asked of it",
	.check = sql_check,
	.run = sql_run,
};

int main(int argc, char **argv)
{
	struct asked a = { .common.command = &sql_command };
	const int status = common_main(&a.common, argc, argv);

	sqlite3_close(a.db);
	kmeta_buffer_release(&a.typed);
	return status;
}
