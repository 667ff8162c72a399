check:
	npm run check

.PHONY: check
