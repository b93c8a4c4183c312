# standardised, the scale ignored
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    mu = first_stage.encode(x)[0]
    return (mu - mu.mean()) / mu.std()
