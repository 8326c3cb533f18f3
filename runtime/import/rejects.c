/* rejects.c: writes rejected rows aside, and swaps them with an earlier import's around the roster's commit, so that a
 * full disk or a folder without permission stops the import while nothing is stored. Knows nothing of the roster. */
#include "import/rejects.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static kol_status failed(const rejects *r, const char *why, kol_error *err) {
	return error_set(err, KOL_E_IO, "%.400s cannot be written: %s; nothing was imported", r->target, why);
}

kol_status rejects_open(rejects *r, const char *path, const char *file, const char *roster, kol_error *err) {
	struct stat mine, other;
	int n = path ? snprintf(r->target, sizeof r->target, "%s", path)
	             : snprintf(r->target, sizeof r->target, "%s.rejected.csv", file);
	if (n < 0 || n >= (int)sizeof r->target)
		return error_set(err, KOL_E_USAGE, "the path of the rejected file is too long");
	snprintf(r->aside, sizeof r->aside, "%s.%ld", r->target, (long)getpid());
	if (strcmp(r->target, roster) == 0)
		return error_set(err, KOL_E_USAGE,
		                 "--rejected names the roster itself; give rejected rows a file of their own");
	if (stat(r->target, &mine))
		return KOL_OK;
	for (int i = 0; i < 2; i++)
		if (!stat(i ? roster : file, &other) && mine.st_dev == other.st_dev && mine.st_ino == other.st_ino)
			return error_set(err, KOL_E_USAGE, "--rejected names the %s itself; give rejected rows a file of their own",
			                 i ? "roster" : "export");
	if (!S_ISREG(mine.st_mode))
		return failed(r, "it is there and is not a file", err);
	return KOL_OK;
}

kol_status rejects_begin(rejects *r, kol_error *err) {
	if (!r->file && !(r->file = fopen(r->aside, "we")))
		return failed(r, strerror(errno), err);
	return KOL_OK;
}

void rejects_cell(rejects *r, str s) {
	fputc('"', r->file);
	if (s.n && s.p[0] && strchr("=+-@\t\r\n", s.p[0]))
		fputc('\'', r->file);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			fputc('"', r->file);
		if (s.p[i])
			fputc(s.p[i], r->file);
	}
	fputc('"', r->file);
}

kol_status rejects_end(rejects *r, kol_error *err) {
	fputc('\n', r->file);
	return ferror(r->file) ? failed(r, strerror(errno), err) : KOL_OK;
}

kol_status rejects_place(rejects *r, kol_error *err) {
	if (r->file) {
		bool bad = fflush(r->file) || fsync(fileno(r->file));
		int why = errno;
		fclose(r->file);
		r->file = NULL;
		r->placed = true;
		if (bad)
			return failed(r, strerror(why), err);
	}
	snprintf(r->before, sizeof r->before, "%s.before", r->aside);
	if (rename(r->target, r->before)) {
		r->before[0] = 0;
		if (errno != ENOENT)
			return failed(r, strerror(errno), err);
	}
	return r->placed && rename(r->aside, r->target) ? failed(r, strerror(errno), err) : KOL_OK;
}

void rejects_settle(rejects *r, bool keep) {
	if (r->file) {
		fclose(r->file);
		r->placed = true;
	}
	r->file = NULL;
	if (!keep && r->placed && unlink(r->aside) && errno == ENOENT)
		unlink(r->target);
	if (r->before[0] && keep)
		unlink(r->before);
	else if (r->before[0])
		rename(r->before, r->target);
	r->before[0] = 0;
}
