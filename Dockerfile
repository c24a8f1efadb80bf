# The command line with everything it needs at run time.
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 ketnoi
WORKDIR /srv/ketnoi
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY data data
COPY embeddings embeddings
COPY matcher matcher
COPY training training
COPY api api
RUN pip install --no-cache-dir torch==2.13.0 \
 && pip install --no-cache-dir -c constraints.txt -e .
ENV KETNOI_HOME=/var/lib/ketnoi
RUN mkdir -p /var/lib/ketnoi && chown ketnoi /var/lib/ketnoi
USER ketnoi
VOLUME /var/lib/ketnoi
ENTRYPOINT ["ketnoi"]
CMD ["--help"]
