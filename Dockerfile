# The program as an image. The site is a folder of the host, which the container sees as /site:
#   docker build -t ban-tin .
#   docker run --rm --user "$(id -u):$(id -g)" -v /srv/tin:/site ban-tin check
FROM python:3.11-slim
WORKDIR /program
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bulletin bulletin
COPY templates templates
RUN python -m pip install --no-cache-dir --no-deps .
WORKDIR /site
ENTRYPOINT ["ban-tin"]
