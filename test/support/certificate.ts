/** A key and a self-signed certificate for `localhost`, made for these tests alone and trusted by nobody. Valid until 2126. */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgI7TQDedvi3Vd7ijJ
5yMT+naXt+kqopPKfcGVqD0yvzGhRANCAATFKgmFEb7BW/mcEEruCm5KWpH0cDZv
DJEm8pbKqFJEZnmyhnvLbGXqrf4ig0xjsGyVmcnd3ZLeVcV/OhC5n1sE
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUF4u1vl4fMMsbKnNHOiQxFraX4Y4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIzMzc1M1oYDzIxMjYxMDMw
MjMzNzUzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATFKgmFEb7BW/mcEEruCm5KWpH0cDZvDJEm8pbKqFJEZnmyhnvLbGXq
rf4ig0xjsGyVmcnd3ZLeVcV/OhC5n1sEo1MwUTAdBgNVHQ4EFgQU4BUd/HzittMw
Ag9h3PzrCL5MiIowHwYDVR0jBBgwFoAU4BUd/HzittMwAg9h3PzrCL5MiIowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA2fCfbOquCzv0MTCIbcs1
YgTi1bn47hiDzArtG5N2DP0CIQDLg/2VZqyitxYjoY0uEaRkfO5T8cDbi7FtdUaN
+7cP8w==
-----END CERTIFICATE-----
`,
};
