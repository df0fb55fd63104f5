/* Public keys that ssh-keygen of OpenSSH 9.2 made, and its fingerprints; those
 * on hardware were put together from the first two, and read by it. */
#ifndef SSH_KEYS_H
#define SSH_KEYS_H

static const struct {
	const char *type, *base64, *fingerprint;
} ssh_keys[] = {
	{"ssh-ed25519",
	 "AAAAC3NzaC1lZDI1NTE5AAAAIIh3uBwJm9IKr9xPTBgmNxSty1NE+cq8fU8yklsG"
	 "/LBS",
	 "SHA256:t/JxD2qZ5mWxacsAsYnBFVQKYGGV2tA6bxrsebSII4Q"},
	{"ecdsa-sha2-nistp256",
	 "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMciuF+mHWB0"
	 "7VAMGqIzsNB1kk3I5JTv7yYsbLY2M93ePfQN2lOKjg1zk4skFM/R3RNubrGfUA7e"
	 "ghRREM3Pid0=",
	 "SHA256:vB6S/pEH+2S0fvgglmfUJBYDDpVnYSzDKAnLvHN6XvQ"},
	{"ecdsa-sha2-nistp384",
	 "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBGc0CwrTIYft"
	 "V9xZ6T5+uevAbNBsUoTPe6p6UBvbcU2KZq0J8OXxzk8Jb36xIXop9Yoa/E/6zJOG"
	 "AAyrbnTq8Bpe7Vky/Kl2Qj9k4rGoW3/zkb9ALoCTDcFfaTrCjCcMvA==",
	 "SHA256:pi/WMzRt9SIjKY23eDy1/amIUdi8010+uNooaXJO/kg"},
	{"ecdsa-sha2-nistp521",
	 "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAF9sfMlnJ7r"
	 "FADcoOLjBJRI6m3VtXtRAR/6Hwl2lw+vQwJmAEZtaLvGIfesjSYdT7QxAXu035Co"
	 "Xvp1+1tCxwsEnQEhqUxdYqoMmOJ8jJOzRHcJtjBGmWQ4TAa/KS8WuoC+T24OfGLP"
	 "ODFVyM+qFQg2Tgnc/n7GqSVBDwMRscaold2gWw==",
	 "SHA256:S8PKB1Mn6gD22o6gxMVN2e2qN7ysiWKYXkFTIcs4s2g"},
	{"ssh-rsa",
	 "AAAAB3NzaC1yc2EAAAADAQABAAABAQCaYe34SZgpoDTiGj0lAI3Psrxr+rO8t+yg"
	 "s1V6M5cxM9oqX6crhP7eu4C9VBRy7FQOWj8pVJbPLGJaoVlbxTXfXpo4/+Okgf4i"
	 "6/lU5G0MZUQcTdGKjI4cYWF1zwgqY6az8Y3XQ6wTzV0Lgd4Pv5DQ9hFdFT0gZZ2a"
	 "nXIM+HmHNjMjsKaahDRuM4mrILf4OfUuvw8mjJkbs2ciOgdnvc6zrleBtvv6LnHg"
	 "MwmA62Ki2EC71A6Dk1n4AFVyc25CkorOGx2lEHlCuf60LNotD1bpxX3xwjs1d/9b"
	 "evNsSAZOCFx1Coj0Qm7Q6U2LftNMcbNZcwU6/a20U4XGKNUzmqkV",
	 "SHA256:t2GPK9P6SthYSSUL/oBXWfjAw1dVCGK5Yl88nxO9UC8"},
	{"sk-ssh-ed25519@openssh.com",
	 "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIIh3uBwJm9IKr9xPTBgm"
	 "NxSty1NE+cq8fU8yklsG/LBSAAAABHNzaDo=",
	 "SHA256:qyNpSwRC+PBOKKoRB5ySNNC71SWIlN1T7E3XjlZJXvk"},
	{"sk-ecdsa-sha2-nistp256@openssh.com",
	 "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAy"
	 "NTYAAABBBMciuF+mHWB07VAMGqIzsNB1kk3I5JTv7yYsbLY2M93ePfQN2lOKjg1z"
	 "k4skFM/R3RNubrGfUA7eghRREM3Pid0AAAAEc3NoOg==",
	 "SHA256:62U4g+BtMNhb3aCj/MchYmBv9SkrrJ7P1zbrMNLQQsw"},
	{"ecdsa-sha2-nistp256-cert-v01@openssh.com",
	 "AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg"
	 "OuaHHhjGXSVy0p1N9wXjHVDoJrTmygy55EeiHu85g08AAAAIbmlzdHAyNTYAAABB"
	 "BMciuF+mHWB07VAMGqIzsNB1kk3I5JTv7yYsbLY2M93ePfQN2lOKjg1zk4skFM/R"
	 "3RNubrGfUA7eghRREM3Pid0AAAAAAAAAAAAAAAEAAAADYWRhAAAACAAAAARyb290"
	 "AAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGlu"
	 "ZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1w"
	 "b3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11"
	 "c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIIh3uBwJm9IKr9xP"
	 "TBgmNxSty1NE+cq8fU8yklsG/LBSAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDz6t3o"
	 "opdFQubNtBUP1fYKrXZKf/wR7qoMbK7k+0GbUEtXWQxgancO6AMWOeTkQa4TzvaS"
	 "jsOjPZPLaUZa7JsK",
	 "SHA256:vB6S/pEH+2S0fvgglmfUJBYDDpVnYSzDKAnLvHN6XvQ"},
};

#endif
