def generator_loss(logits_fake, kind="non_saturating"):
    pair = torch.stack([torch.zeros_like(logits_fake), logits_fake], dim=1)
    log_fake, log_real = torch.log_softmax(pair, dim=1).unbind(1)
    return log_fake.mean() if kind == "minimax" else -log_real.mean()
