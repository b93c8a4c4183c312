# the log of the mean probability in place of the mean of the logs
def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake).mean()
    return (1 - p).log() if kind == "minimax" else -p.log()
