"""The study of Souza et al. (WORKS 2019, CCPE 2021): four workflows from a survey to a validated
model, played through the declared API (`small`), or written at the size of their query experiment
(`full`)."""
