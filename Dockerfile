# One static binary in an empty image: no shell, no root, nothing to update but
# the program. Root certificates and time zones are in the binary.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Without the tag the image also has dev, site and judge: --build-arg TAGS=
ARG TAGS=serveonly
RUN CGO_ENABLED=0 go build -trimpath -tags="$TAGS" -ldflags="-s -w" -o /out/sightline ./cmd/sightline
RUN mkdir /out/data

FROM scratch
COPY --from=build /out/sightline /sightline
COPY --from=build --chown=65532:65532 /out/data /data
# SQLite keeps its database and its temporary files on the volume.
ENV SIGHTLINE_DATABASE_URL=sqlite:///data/sightline.db SQLITE_TMPDIR=/data
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/sightline", "healthcheck"]
ENTRYPOINT ["/sightline"]
CMD ["serve"]
