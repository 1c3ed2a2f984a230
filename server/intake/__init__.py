"""收件: updates become durable before they are acknowledged, by webhook or by polling (F1-F5)."""
