/* links.c: links in a text, with or without a scheme, and which of them are affiliates'. Reads the original, since a
 * link's letters count as they are written. Called by spans.c. */
#include <ctype.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "text/spans_parts.h"

#define HOST_MOST 253 /* bytes */

/* Top-level domains that a link without a scheme is believed to have: of countries, and those in common use. */
static const char countries[] =
    " ac ad ae af ag ai al am ao ar at au ax az ba bb bd be bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd ch ci cl "
    "cm "
    "cn co cr cu cv cy cz de dj dk dm do dz ec ee eg es et eu fi fj fm fo fr ga gd ge gg gh gi gl gm gr gt gy hk hn hr "
    "ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh kr kw ky kz la lb lc li lk lt lu lv ly ma mc md me mg mk "
    "ml mm mn mo mt mu mv mw mx my mz na nc ne ng ni nl no np nz om pa pe pg ph pk pl pr ps pt py qa re ro rs ru rw sa "
    "sc sd se sg sh si sk sl sm sn so sr st sv sy tc td tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc "
    "ve vg vi vn vu ws ye za zm zw ";
static const char common[] =
    " app art asia audio beauty bio biz blog business buzz cafe care cash cat center chat click cloud club coach codes "
    "com community company cool deals design dev digital direct edu email events expert express fans fashion fit "
    "fitness "
    "food fun fyi gallery games gift global group guide health help hotel house info ink jobs land life link live lol "
    "love ltd market marketing media menu mobi moda moe money name net network news ninja one online org page party "
    "photo photos pics place plus pro promo pub red rent reviews rocks run sale school services shoes shop shopping "
    "show "
    "site social solutions space store studio style support systems tax team tech tips today tools top tours town "
    "trade "
    "training travel tube vip watch website wiki wine work works world wtf xyz yoga zone ";
/* Those that nobody takes for the end and beginning of two sentences: believed without a path. */
static const char sure[] = " com net org shop store co.uk com.au com.br com.tr com.mx co.jp co.kr ";

static bool listed(const char *list, const char *word, size_t n) {
	char padded[24];
	if (n + 3 > sizeof padded)
		return false;
	padded[0] = ' ';
	for (size_t i = 0; i < n; i++)
		padded[i + 1] = (char)tolower((unsigned char)word[i]);
	padded[n + 1] = ' ';
	padded[n + 2] = 0;
	return strstr(list, padded) != NULL;
}

static bool alphanumeric(char c) { return isalnum((unsigned char)c) && (unsigned char)c < 0x80; }

/* Scripts without spaces: a link ends where their text goes on. */
static bool spaceless(uint32_t c) {
	return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x11FF) || (c >= 0x1780 && c <= 0x17FF) ||
	       (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0xFF00 && c <= 0xFFEF) || c >= 0x20000;
}

/* The bytes of a letter, mark or number beyond ASCII of a script with spaces at i; else 0. */
static size_t foreign_letter(str s, size_t i) {
	if ((unsigned char)s.p[i] < 0x80)
		return 0;
	uint32_t c;
	size_t length = utf8_decode(s.p + i, s.n - i, &c);
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_NO && !spaceless(c) ? length : 0;
}

/* The bytes of the character of a host that ends before i: a letter, digit, hyphen or dot; else 0. */
static size_t host_before(str s, size_t i) {
	if (i == 0)
		return 0;
	if ((unsigned char)s.p[i - 1] < 0x80)
		return alphanumeric(s.p[i - 1]) || s.p[i - 1] == '-' || s.p[i - 1] == '.';
	size_t back = 1;
	while (back < 4 && back < i && ((unsigned char)s.p[i - back] & 0xC0) == 0x80)
		back++;
	return foreign_letter((str){s.p, i}, i - back) == back ? back : 0;
}

static size_t host_start(str s, size_t dot, size_t least) {
	size_t i = dot;
	for (size_t length; dot - i < HOST_MOST && (length = host_before(s, i)) && i >= least + length;)
		i -= length;
	while (i < dot && (s.p[i] == '-' || s.p[i] == '.'))
		i++;
	return i;
}

static size_t host_end(str s, size_t start) {
	size_t end = start;
	for (size_t i = start; i < s.n && i - start < HOST_MOST;) {
		size_t length = alphanumeric(s.p[i]) ? 1 : foreign_letter(s, i);
		if (!length && s.p[i] != '-' && (s.p[i] != '.' || end != i))
			break;
		i += length ? length : 1;
		if (length)
			end = i;
	}
	return end;
}

/* Before `start`, "https://" or "http://": its length; -1 for what no link follows (an address of mail, a handle). */
static int scheme_before(str s, size_t start) {
	if (start >= 8 && strncasecmp(s.p + start - 8, "https://", 8) == 0)
		return 8;
	if (start >= 7 && strncasecmp(s.p + start - 7, "http://", 7) == 0)
		return 7;
	if (start > 0 && strchr("@/_+%&#$", s.p[start - 1]))
		return -1;
	return 0;
}

/* Where the path, query and fragment end that begin at i. */
static size_t tail_end(str s, size_t i) {
	size_t begin = i;
	int round = 0, square = 0;
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		size_t length = c < 0x80 ? (c > ' ' && c != 0x7F && !strchr("<>\"`^\\{|}", c)) : foreign_letter(s, i);
		round += (c == '(') - (c == ')');
		square += (c == '[') - (c == ']');
		if (!length || round < 0 || square < 0) /* the bracket that closes was opened before the link */
			break;
		i += length;
	}
	while (i > begin && strchr(".,;:!?'*_~([", s.p[i - 1]))
		i--;
	return i;
}

typedef struct host {
	size_t start, end, labels;
	const char *top; /* the last label */
	size_t top_length;
	bool www;
} host;

static host read_host(str s, size_t start, size_t end) {
	host h = {.start = start, .end = end, .labels = 1, .top = s.p + start};
	for (size_t i = start; i < end; i++)
		if (s.p[i] == '.') {
			h.labels++;
			h.top = s.p + i + 1;
		}
	h.top_length = (size_t)(s.p + end - h.top);
	h.www = end - start > 4 && strncasecmp(s.p + start, "www.", 4) == 0;
	return h;
}

static bool letters_only(const char *p, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)p[i]))
			return false;
	return n >= 2;
}

/* tea.End: a sentence ends and the next begins without a space. */
static bool sloppy(const host *h) {
	return h->end - h->start >= h->top_length + 2 && isupper((unsigned char)h->top[0]) &&
	       islower((unsigned char)h->top[1]) && islower((unsigned char)h->top[-2]);
}

/* Two labels at the end: "co.uk"; 0 long where there are only two in all. */
static str last_two(str s, const host *h) {
	size_t i = h->end;
	for (int dots = 0; i > h->start && (dots += s.p[i - 1] == '.') < 2;)
		i--;
	return h->labels > 2 ? (str){s.p + i, h->end - i} : (str){s.p + i, 0};
}

static bool believed(str s, const host *h, bool path) {
	if (h->labels < 2 || !letters_only(h->top, h->top_length) || sloppy(h))
		return false;
	if (!listed(countries, h->top, h->top_length) && !listed(common, h->top, h->top_length))
		return false;
	if (path) /* x.co/y may be anything; t.co/y is a shortener */
		return h->labels > 2 || h->end - h->start - h->top_length > 2 ||
		       listed(" t.co a.co t.me t.cn g.co s.id v.gd x.com u.to f.io ", s.p + h->start, h->end - h->start);
	str two = last_two(s, h);
	size_t name = h->end - h->start - h->top_length - 1;
	return name >= 3 && (listed(sure, h->top, h->top_length) || listed(sure, two.p, two.n));
}

/* A link whose host holds the dot: its bytes. False where there is none; *end is then where to look on. */
static bool link_at(str s, size_t dot, size_t least, size_t *start, size_t *end) {
	*start = host_start(s, dot, least);
	*end = host_end(s, *start);
	if (*end <= dot) {
		*end = dot + 1;
		return false;
	}
	host h = read_host(s, *start, *end);
	int scheme = scheme_before(s, *start);
	size_t i = *end;
	if (i < s.n && s.p[i] == ':' && i + 1 < s.n && isdigit((unsigned char)s.p[i + 1]))
		for (i++; i < s.n && isdigit((unsigned char)s.p[i]);)
			i++;
	bool path =
	    i < s.n && (s.p[i] == '/' || ((s.p[i] == '?' || s.p[i] == '#') && i + 1 < s.n && alphanumeric(s.p[i + 1])));
	if (scheme < 0 || (i < s.n && s.p[i] == '@'))
		return false;
	bool good = scheme > 0 ? h.labels > 1
	            : h.www    ? h.labels > 2 && letters_only(h.top, h.top_length)
	                       : believed(s, &h, path);
	if (!good)
		return false;
	*end = path || scheme > 0 ? tail_end(s, scheme > 0 ? *end : i) : *end;
	*start -= (size_t)scheme;
	return true;
}

bool links_find(const folded *f, arena *a, text_spans *out) {
	str s = f->original;
	size_t seen = 0; /* links lie behind this */
	for (size_t i = 0; i < s.n;) {
		const char *dot = memchr(s.p + i, '.', s.n - i);
		if (!dot)
			return true;
		size_t at = (size_t)(dot - s.p), start, end;
		bool link = link_at(s, at, seen, &start, &end);
		if (link && !span_keep(a, out, SPAN_URL, start, end, (str){s.p + start, end - start}))
			return false;
		i = end > at ? end : at + 1;
		seen = i;
	}
	return true;
}

/* ---- affiliates ------------------------------------------------------------------------------ */

/* Hosts of affiliate networks and their shorteners; what stands before a dot may be anything. */
static const char *const networks[] = {
    "amzn.to",
    "amzn.eu",
    "amzn.asia",
    "ltk.app",
    "liketk.it",
    "shopltk.com",
    "liketoknow.it",
    "rstyle.me",
    "shopstyle.it",
    "shopmy.us",
    "howl.me",
    "howl.link",
    "magic.ly",
    "mavely.app.link",
    "mavelyinfluencer.com",
    "shareasale.com",
    "shrsl.com",
    "awin1.com",
    "tidd.ly",
    "linksynergy.com",
    "skimresources.com",
    "fave.co",
    "viglink.com",
    "tkqlhce.com",
    "jdoqocy.com",
    "kqzyfj.com",
    "dpbolvw.net",
    "anrdoezrs.net",
    "prf.hn",
    "pjatr.com",
    "pntra.com",
    "sjv.io",
    "pxf.io",
    "evyy.net",
    "ojrq.net",
    "flexlinks.com",
    "tradedoubler.com",
    "tradetracker.net",
    "adtraction.com",
    "effiliation.com",
    "admitad.com",
    "digistore24.com",
    "clickbank.net",
    "go.hotmart.com",
    "s.click.aliexpress.com",
    "shope.ee",
    "invol.co",
    "invl.io",
    "accesstra.de",
    "atid.me",
    "px.a8.net",
    "a8.net",
    "hb.afl.rakuten.co.jp",
    "link.coupang.com",
    "coupa.ng",
    "u.jd.com",
    "s.click.taobao.com",
    "rover.ebay.com",
    "ty.gl",
    "s.shopee.co.id",
};
static const char *const parameters[] = {
    "aff",  "affid",    "aff_id",       "affiliate", "affiliate_id", "affiliateid", "aff_sub", "a_aid",
    "afid", "aff_fcid", "irclickid",    "ranmid",    "raneaid",      "cjevent",     "awc",     "clickref",
    "rfsn", "referral", "referralcode", "ref_id",    "partner_id",   "partnerid",   "subid",   "campid"};

static bool one_of(const char *const *list, size_t count, str word) {
	for (size_t i = 0; i < count; i++)
		if (word.n == strlen(list[i]) && strncasecmp(word.p, list[i], word.n) == 0)
			return true;
	return false;
}

static bool begins(str s, const char *z) { return s.n >= strlen(z) && strncasecmp(s.p, z, strlen(z)) == 0; }

/* Amazon's tag=lena-20: its partners' names end in a dash and two digits. */
static bool partner_tag(str site, str value) {
	for (size_t i = 0; i + 6 < site.n; i++)
		if (strncasecmp(site.p + i, "amazon.", 7) == 0)
			return value.n > 0;
	return value.n > 3 && value.p[value.n - 3] == '-' && isdigit((unsigned char)value.p[value.n - 2]) &&
	       isdigit((unsigned char)value.p[value.n - 1]);
}

static bool affiliate_parameter(str site, str name, str value) {
	if (str_is(name, "utm_medium") || str_is(name, "utm_source") || str_is(name, "utm_campaign"))
		return begins(value, "affiliate") || begins(value, "influencer_affiliate") || begins(value, "awin") ||
		       begins(value, "shareasale") || begins(value, "ltk");
	if (str_is(name, "tag"))
		return partner_tag(site, value);
	return value.n > 0 && one_of(parameters, sizeof parameters / sizeof *parameters, name);
}

bool url_affiliate(str url) {
	size_t i = begins(url, "https://") ? 8 : begins(url, "http://") ? 7 : 0, start = i;
	while (i < url.n && (alphanumeric(url.p[i]) || url.p[i] == '-' || url.p[i] == '.'))
		i++;
	str name = {url.p + start, i - start};
	for (size_t at = 0; at < name.n; at++)
		if ((at == 0 || name.p[at - 1] == '.') &&
		    one_of(networks, sizeof networks / sizeof *networks, (str){name.p + at, name.n - at}))
			return true;
	const char *query = i < url.n ? memchr(url.p + i, '?', url.n - i) : NULL;
	for (const char *p = query, *end = url.p + url.n; p && ++p < end;) {
		const char *stop = p, *equals = NULL;
		for (; stop < end && *stop != '&' && *stop != ';' && *stop != '#'; stop++)
			if (*stop == '=' && !equals)
				equals = stop;
		if (equals &&
		    affiliate_parameter(name, (str){p, (size_t)(equals - p)}, (str){equals + 1, (size_t)(stop - equals - 1)}))
			return true;
		p = stop < end && *stop != '#' ? stop : NULL;
	}
	return false;
}
