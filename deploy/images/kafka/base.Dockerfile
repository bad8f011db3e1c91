# A Java 17 runtime on the bare Debian system that build.sh makes with debootstrap.
ARG DEBIAN
FROM ${DEBIAN}

# The Java packages' install scripts write alternatives for manual pages and fail where that directory is missing.
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb

LABEL io.forebay.built-locally="true"
