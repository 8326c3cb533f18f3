/* files.c: the files of a ruleset's folder, of stdlib and its packs: in path order, none from elsewhere, none silently
 * left out. Knows nothing of Lua but how its files end. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "script/loader.h"

#define FILE_MOST (1 << 20)
#define FILES_MOST 10000
#define DEPTH_MOST 16
#define NAMES_MOST 32 /* suggested at most */
#define ESCAPE 27     /* compiled Lua begins with it; source has no use for it */

bool files_inside(const char *path, const char *root) {
	char real[PATH_MAX];
	size_t n = strlen(root);
	return realpath(path, real) && !strncmp(real, root, n) && (real[n] == '/' || !real[n]);
}

bool files_read(loader *l, const char *path, str *out) {
	FILE *f = fopen(path, "rb");
	char *p = f ? malloc(FILE_MOST + 1) : NULL;
	size_t n = p ? fread(p, 1, FILE_MOST + 1, f) : 0;
	bool fine = p && !ferror(f);
	if (f)
		fclose(f);
	if (!fine)
		loader_problem(l, 0, "the file cannot be read");
	else if (n > FILE_MOST)
		loader_problem(l, 0, "the file is larger than 1 MiB; split it into several");
	else if (n && (memchr(p, ESCAPE, n) || memchr(p, 0, n)))
		loader_problem(l, 0, "this is no text: a rule file is Lua source, never compiled");
	else {
		if (n >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3)) /* what some editors put before UTF-8 */
			memmove(p, p + 3, n -= 3);
		*out = (str){p, n};
		return true;
	}
	free(p);
	return false;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void add_name(loader *l, file_list *list, const char *name) {
	if ((list->count & (list->count - 1)) == 0) {
		char **more = realloc(list->names, sizeof *more * (size_t)(list->count ? list->count * 2 : 1));
		if (!more) {
			l->problems->out_of_memory = true;
			return;
		}
		list->names = more;
	}
	char *copy = strdup(name);
	if (copy)
		list->names[list->count++] = copy;
	else
		l->problems->out_of_memory = true;
}

typedef struct walk {
	loader *l;
	const char *shown, *root, *ending;
	file_list *list;
} walk;

static void tell(walk *w, const char *relative, const char *sentence) {
	kol_error e = {0};
	const char *path = arena_printf(&w->l->out->memory, "%s%s%s", w->shown, *relative ? "/" : "", relative);
	error_at(&e, KOL_E_RULE, path, 0, 0, "%s", sentence);
	problems_add(w->l->problems, &e);
}

static void gather(walk *w, const char *dir, const char *prefix, int depth);

static void gather_one(walk *w, const char *path, char *relative, const char *prefix, int depth, bool wanted) {
	struct stat st, link;
	if (lstat(path, &link) || stat(path, &st)) {
		if (wanted)
			tell(w, relative, "the file cannot be read");
		return;
	}
	bool is_link = S_ISLNK(link.st_mode);
	if (S_ISDIR(st.st_mode)) {
		strcat(relative, "/");
		if (!strcmp(relative + strlen(prefix), "tests/"))
			return;
		if (is_link)
			tell(w, relative, "this is a link to a folder; rules are read from real folders alone");
		else if (depth == DEPTH_MOST)
			tell(w, relative, "folders are nested too deep");
		else
			gather(w, path, relative, depth + 1);
	} else if (S_ISREG(st.st_mode) && wanted) {
		if (is_link && !files_inside(path, w->root))
			tell(w, relative, "this is a link that leads out of the folder; copy the file into it");
		else if (w->list->count < FILES_MOST)
			add_name(w->l, w->list, relative);
	}
}

static void gather(walk *w, const char *dir, const char *prefix, int depth) {
	DIR *d = opendir(dir);
	if (!d) {
		tell(w, prefix, "the folder cannot be read");
		return;
	}
	for (struct dirent *e; (e = readdir(d));) {
		char path[PATH_MAX], relative[PATH_MAX];
		size_t n = strlen(e->d_name);
		if (e->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof path, "%s/%s", dir, e->d_name) >= (int)sizeof path ||
		    snprintf(relative, sizeof relative, "%s%s", prefix, e->d_name) >= (int)sizeof relative - 1)
			tell(w, "", "a path in the folder is too long");
		else
			gather_one(w, path, relative, prefix, depth, n > 4 && !strcmp(e->d_name + n - 4, w->ending));
	}
	closedir(d);
}

void files_gather(loader *l, const char *dir, const char *shown, const char *root, const char *ending, file_list *out) {
	*out = (file_list){0};
	walk w = {l, shown, root, ending, out};
	gather(&w, dir, "", 0);
	if (out->count == FILES_MOST)
		tell(&w, "", "the folder holds too many files");
	if (out->count)
		qsort(out->names, (size_t)out->count, sizeof *out->names, by_text);
}

void files_free(file_list *list) {
	for (int i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

const char *files_hint(const char *word, const char *dir, const char *prefix, const char *ending, char *out,
                       size_t size) {
	struct dirent **found = NULL;
	int count = scandir(dir, &found, NULL, alphasort);
	size_t tail = strlen(ending);
	buffer all = {0};
	char names[NAMES_MOST + 1][80] = {{0}};
	int kept = 0;
	suggest s;
	suggest_begin(&s, str_of(word));
	for (int i = 0; i < count; i++) {
		size_t n = kept < NAMES_MOST ? strlen(found[i]->d_name) : 0;
		bool fits = found[i]->d_name[0] != '.' && n > tail && !strcmp(found[i]->d_name + n - tail, ending);
		char *end = stpncpy(names[kept], prefix, sizeof names[0] - 1);
		if (fits && end + n < names[kept] + sizeof names[0]) {
			*(char *)mempcpy(end, found[i]->d_name, n - tail) = 0;
			suggest_try(&s, str_of(names[kept]));
			buffer_printf(&all, "%s%s", kept ? ", " : "; there are: ", names[kept]);
			kept++;
		}
		free(found[i]);
	}
	free(found);
	suggest_text(&s, out, size);
	const char *text = buffer_text(&all);
	if (!out[0] && kept && text)
		snprintf(out, size, "%s", text);
	buffer_free(&all);
	return out;
}
