/* FIPS 180-4 6.2.2 with Intel's SHA extensions: four times as fast as what
 * libsodium has. */
#include <string.h>
#include <keep/secret.h>
#include "sha256.h"

#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <immintrin.h>
#include <sys/platform/x86.h>

/* What ld.so found out at start: to ask the processor takes a virtual machine
 * longer than to hash 16 KB. Weak, since ld.so is no library of ours. */
#pragma weak __x86_get_cpuid_feature_leaf

enum { BLOCK = 64, LEN_AT = BLOCK - 8 };
#define FAST __attribute__((target("sha,sse4.1")))

static const uint32_t k[16][4] = {
	{0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5},
	{0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5},
	{0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3},
	{0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174},
	{0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc},
	{0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da},
	{0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7},
	{0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967},
	{0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13},
	{0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85},
	{0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3},
	{0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070},
	{0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5},
	{0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3},
	{0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208},
	{0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2},
};

/* The variables a to h, as the instructions have them. */
struct state {
	__m128i abef, cdgh;
};

/* Words 16 * TURN + 4 * I and the three behind it; W holds the 16 before. */
static inline FAST __m128i words(const __m128i w[4], const char *p, int turn,
				 int i)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b,
					    0x0405060700010203);
	__m128i x;

	if (turn == 0) {
		memcpy(&x, p + sizeof x * (size_t)i, sizeof x);
		return _mm_shuffle_epi8(x, swap);
	}
	x = _mm_sha256msg1_epu32(w[i], w[(i + 1) % 4]);
	x = _mm_add_epi32(x, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4],
					     4));
	return _mm_sha256msg2_epu32(x, w[(i + 3) % 4]);
}

static inline FAST void four_rounds(struct state *s, __m128i w[4],
				    const char *p, int turn, int i)
{
	__m128i x;

	w[i] = words(w, p, turn, i);
	memcpy(&x, &k[turn * 4 + i], sizeof x);
	x = _mm_add_epi32(x, w[i]);
	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, x);
	x = _mm_shuffle_epi32(x, 0x0e);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, x);
}

static FAST struct state blocks(struct state s, const char *p, size_t n)
{
	struct state old;
	__m128i w[4];
	int turn;

	for (; n; n--, p += BLOCK) {
		old = s;
		for (turn = 0; turn < 4; turn++) {
			four_rounds(&s, w, p, turn, 0);
			four_rounds(&s, w, p, turn, 1);
			four_rounds(&s, w, p, turn, 2);
			four_rounds(&s, w, p, turn, 3);
		}
		s.abef = _mm_add_epi32(s.abef, old.abef);
		s.cdgh = _mm_add_epi32(s.cdgh, old.cdgh);
	}
	return s;
}

static FAST void sha256(struct keep_slice s, uint8_t hash[KEEP_SHA256_LEN])
{
	struct state at = {
		_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f,
			      (int)0x9b05688c),
		_mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab,
			      0x5be0cd19),
	};
	static const uint8_t order[8] = {3, 2, 7, 6, 1, 0, 5, 4};
	size_t left = s.len % BLOCK, last = left < LEN_AT ? 1 : 2, i;
	uint64_t bits = __builtin_bswap64((uint64_t)s.len * 8);
	char end[2 * BLOCK] = {0};
	uint32_t v[8]; /* f e b a, h g d c */

	at = blocks(at, s.p, s.len / BLOCK);
	if (left)
		memcpy(end, s.p + s.len - left, left);
	end[left] = (char)0x80;
	memcpy(end + last * BLOCK - sizeof bits, &bits, sizeof bits);
	at = blocks(at, end, last);
	keep_wipe(end, sizeof end);
	memcpy(v, &at, sizeof v);
	for (i = 0; i < KEEP_COUNT(order); i++) {
		v[order[i]] = __builtin_bswap32(v[order[i]]);
		memcpy(hash + i * sizeof *v, &v[order[i]], sizeof *v);
	}
}

bool keep_sha256_fast(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN])
{
	bool is = __x86_get_cpuid_feature_leaf && CPU_FEATURE_ACTIVE(SHA) &&
		  CPU_FEATURE_ACTIVE(SSE4_1);

	if (is)
		sha256(bytes, hash);
	return is;
}
#else
bool keep_sha256_fast(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN])
{
	(void)bytes;
	(void)hash;
	return false;
}
#endif
