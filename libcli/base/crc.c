/* CRC-32C (Castagnoli), a half byte at a time. */
#include <keep/hash.h>

uint32_t keep_crc32c(struct keep_slice bytes)
{
	static const uint32_t of[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};
	uint32_t crc = UINT32_MAX;
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		crc ^= (uint8_t)bytes.p[i];
		crc = crc >> 4 ^ of[crc & 15];
		crc = crc >> 4 ^ of[crc & 15];
	}
	return ~crc;
}
