# syntax=docker/dockerfile:1

FROM rust:1.95-trixie AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --package leerloopbaan --features postgres-tls

FROM debian:trixie-slim
# PostgreSQL's client programs make and restore backups; the certificates are for the OpenID provider's.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/leerloopbaan --create-home leerloopbaan \
    && install --directory --owner=leerloopbaan /var/tmp/arriving
COPY --from=build /source/target/release/leerloopbaan /usr/local/bin/leerloopbaan
USER 10001
WORKDIR /var/lib/leerloopbaan
ENV LEERLOOPBAAN_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s CMD ["leerloopbaan", "health"]
ENTRYPOINT ["leerloopbaan"]
CMD ["serve"]
