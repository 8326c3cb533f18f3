/* loader.h: what the files that load a ruleset share. Private to script/. */
#ifndef SCRIPT_LOADER_H
#define SCRIPT_LOADER_H

#include "base/buffer.h"
#include "base/sha256.h"
#include "base/suggest.h"
#include "script/source.h"
#include "script/state.h"

#define RULES_MOST 20000

typedef struct loader {
	script *s;
	struct kol_ruleset *out;
	struct kol_problems *problems;
	const char *folder, *stdlib;
	char real_folder[4096], real_stdlib[4096]; /* what links may not lead out of */
	const char *path;                          /* the file at hand, as told */
	str source;
	bool team;         /* it is ruleset.lua */
	long instructions; /* left for all files */
	size_t work;       /* left for all files, bytes of host work */
	size_t searched;   /* bytes of source searched for places */
	bool spent;        /* nothing more is loaded */
	int ready_line;    /* of the rule that is being made ready, in path */
	rule *rules;
	int rule_count, rule_capacity;
	sha256 hash;
} loader;

void loader_problem(loader *l, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same at a field of the table behind `word` (a rule's id), which stands on `line`; at that line where the field
 * cannot be found. path ends with NULL. */
void loader_problem_at(loader *l, int line, const char *word, const char *const *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Where that field's text is written; its line alone where it cannot be found. */
source_place loader_place(loader *l, int line, const char *word, const char *key);
/* The word that stands without quotes as that field's value; n 0: something else does. */
str loader_bare_word(loader *l, int line, const char *word, const char *key);
/* The line of a field, or `line`. */
int loader_line(loader *l, int line, const char *word, const char *const *path);
/* The line that runs in the file at hand; 0: none. */
int loader_running(lua_State *L);
/* lexicon_load.c, declare.c: what a file calls. */
int declare_lexicon(lua_State *L);
int declare_lookup(lua_State *L);
/* rule_load.c: reads the table at `index` as rule `id`. */
void rule_load(loader *l, const char *id, int index, int line);
/* After all files ran. */
void checks_finish(loader *l);
/* team_load.c: reads the table of ruleset { … }. */
void team_load(loader *l, int index, int line);
/* Text, number, flag, list or table at index → *out, copied into the ruleset. False: something else. */
bool value_load(loader *l, int index, value *out, int depth);
/* Fields of the table at index as values sorted by name; false after a problem was told. */
bool values_load(loader *l, int index, values *out, int line, const char *what);
const char *loader_hint(const char *word, const char *const *names, char *out, size_t size);
int loader_word(const char *word, const char *const *names);
/* Runs every .lua file below dir, in path order. root: what links may not lead out of. */
void loader_folder(loader *l, const char *dir, const char *told, const char *root, bool is_team);

/* files.c: what a folder holds. */
typedef struct file_list {
	char **names; /* relative to the folder, in path order; the list owns them */
	int count;
} file_list;
/* Every file below dir whose name ends so (".lua"); what cannot be read or leads out of `root` is told. */
void files_gather(loader *l, const char *dir, const char *shown, const char *root, const char *ending, file_list *out);
void files_free(file_list *list);
/* Does the path, once links are followed, lie in root? */
bool files_inside(const char *path, const char *root);
/* Reads a file into memory; false after a problem was told. The caller frees. */
bool files_read(loader *l, const char *path, str *out);
/* "; did you mean 'x'?", else "; there are: a, b": names in dir that end so, with a prefix and without the ending. */
const char *files_hint(const char *word, const char *dir, const char *prefix, const char *ending, char *out,
                       size_t size);

#endif
