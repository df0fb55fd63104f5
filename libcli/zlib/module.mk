# libcli/zlib: gzip.
$(eval $(call library,zlib,libcli/zlib,-lz,))
