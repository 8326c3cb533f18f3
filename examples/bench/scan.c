/* scan.c: the floor that vetting is measured against. Steps over the same creators, or posts, and reads the same
 * columns as examples/bench's rules do, with SQLite and nothing else, in as many processes as told:
 *
 *     scan ROSTER PROCESSES [posts] */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the rules of rules.sh read. */
static const char creators[] = "SELECT id, followers, following, post_count, verified, is_virtual, joined_at,"
                               " engagement_rate, avg_likes, avg_comments, avg_views, completion_rate,"
                               " follower_growth_30d, audience_credibility, sponsored_share, fee, updated_at, currency,"
                               " country, language, category, platform"
                               " FROM creator WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
/* What those of rules-text.sh read: hits() searches all texts of a post. */
static const char posts[] = "SELECT creator_id, id, posted_at, captured_at, deleted_at, language, title, caption,"
                            " overlay_text, first_comment, transcript"
                            " FROM post WHERE creator_id BETWEEN ?1 AND ?2 ORDER BY creator_id, id";

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
		fprintf(stderr, "scan: %s\n", sqlite3_errmsg(db));
		exit(3);
	}
	return st;
}

static sqlite3 *open_roster(const char *path) {
	sqlite3 *db;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		fprintf(stderr, "scan: %s: %s\n", path, sqlite3_errmsg(db));
		exit(3);
	}
	return db;
}

static double scan(const char *path, const char *sql, int64_t from, int64_t to) {
	sqlite3 *db = open_roster(path);
	sqlite3_stmt *st = prepare(db, sql);
	sqlite3_bind_int64(st, 1, from);
	sqlite3_bind_int64(st, 2, to);
	int columns = sqlite3_column_count(st);
	double sum = 0;
	while (sqlite3_step(st) == SQLITE_ROW)
		for (int i = 0; i < columns; i++)
			if (sqlite3_column_type(st, i) == SQLITE_TEXT)
				sum += sqlite3_column_text(st, i)[0] + sqlite3_column_bytes(st, i);
			else if (sqlite3_column_type(st, i) != SQLITE_NULL)
				sum += sqlite3_column_double(st, i);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return sum;
}

int main(int argc, char **argv) {
	int processes = argc >= 3 ? atoi(argv[2]) : 0;
	bool of_posts = argc == 4 && !strcmp(argv[3], "posts");
	if (processes < 1 || processes > 256 || argc > 3 + of_posts) {
		fprintf(stderr, "usage: scan ROSTER PROCESSES [posts]\n");
		return 2;
	}
	sqlite3 *db = open_roster(argv[1]);
	sqlite3_stmt *st = prepare(db, "SELECT max(id) FROM creator");
	int64_t last = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_finalize(st);
	sqlite3_close(db);
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();
		if (pid < 0) {
			perror("scan: fork");
			return 3;
		}
		/* The sum leaves through the exit code, so that no compiler drops the reads. */
		if (pid == 0)
			_exit(scan(argv[1], of_posts ? posts : creators, last * i / processes + 1, last * (i + 1) / processes) < 0);
	}
	int failed = 0, status;
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 3 : 0;
}
