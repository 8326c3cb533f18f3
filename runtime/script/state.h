/* state.h: the Lua state with its bounds, shared by the files of script/. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>

#include "script/script.h"

#define LOAD_INSTRUCTIONS 20000000
#define CALL_INSTRUCTIONS 1000000
#define LOAD_WORK ((size_t)256 << 20) /* bytes of host work */
#define CALL_WORK ((size_t)16 << 20)
#define LOAD_MEMORY ((size_t)256 << 20)
#define CALL_MEMORY ((size_t)16 << 20)
#define HOOK_EVERY 1000

typedef struct check { /* a rule's function */
	int ref;
	bool hooked, writes;
	str *names; /* text constants it can reach */
	int name_count;
} check;

struct script {
	lua_State *L;
	size_t used, limit; /* bytes held; most that may be */
	size_t longest;     /* text made since the last begin, bytes */
	bool starved;       /* an allocation was refused: all are until the next begin */
	long instructions;  /* left */
	size_t work;        /* left */
	bool loaded;
	check *checks;
	int check_count, check_capacity;
	int frozen;   /* ref: table → its read-only stand-in */
	int examples; /* ref: rule id → list */
	session *session;
	const char *rule;               /* whose function runs; NULL while files load */
	struct loader *loader;          /* while loading */
	struct pattern_cache *patterns; /* NULL until one is asked for */
	struct regex_cache *regexes;    /* the same */
	arena memory;
};

script *script_of(lua_State *L);
script *script_new(kol_error *err);
/* Budgets count from here. */
void script_begin(script *s, long instructions, size_t work, size_t memory, bool hooked);
/* Counts instructions from here on, or no longer. */
void script_hook(script *s, bool on);
/* Takes bytes of host work; raises an error where the budget ends. */
void script_charge(lua_State *L, size_t bytes);

/* Replaces the value on top by one that cannot be changed, nor anything it reaches. */
void freeze(lua_State *L);
/* Pushes what a stand-in stands for, or the table itself. False (nothing pushed): no table. */
bool unfrozen(lua_State *L, int index);
/* Raises an error where the table may not be changed. */
void check_mutable(lua_State *L, int index);
/* Its address is a key in metatables of the host: the table a stand-in stands for; or true where fields are read by
 * name and pairs() has nothing to walk. */
extern const char host_table;

/* patterns.c */
void patterns_free(struct pattern_cache *cache);
/* library.c, strings.c: leave a table of the allow-list on the stack. */
void library_push(lua_State *L);
void strings_push(lua_State *L);
/* bind_text.c, bind_regex.c: push the libraries `text` and `regex`. */
void texts_push(lua_State *L);
void regexes_push(lua_State *L);
void regexes_free(struct regex_cache *cache);
/* Does the function ask posts for what their texts say, and does that need this field? */
bool words_wanted(const check *k);
bool words_field(const check *k, enum table t, str name);
/* bind_finding.c: fail(…) and unknown(…) */
int bind_fail(lua_State *L);
int bind_unknown(lua_State *L);
/* library.c: pushes a list of the keys of the table at index, numbers, texts, flags, each sorted; other keys are an
 * error. */
void push_keys(lua_State *L, int index);
/* An iterator keeps its place in itself: one that outlived loading would carry it from creator to creator. Raises an
 * error unless the flag at index says that it was made by a function. */
void check_fresh(lua_State *L, int index);
/* Text of any value without an address. */
void push_plain(lua_State *L, int index);

#endif
