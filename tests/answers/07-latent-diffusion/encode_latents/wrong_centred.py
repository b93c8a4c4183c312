# the mean taken off
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    mu = first_stage.encode(x)[0]
    return scale * (mu - mu.mean())
